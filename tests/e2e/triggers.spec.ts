import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type Trigger, triggerSchema } from '#contract/trigger.ts';
import { hashPicture } from '#core/pixels/picture-hash.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readPicture } from '#main/data/sources/read-picture.ts';
import { pictureSource } from '#main/workbench/engine/engine-records.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { defaultPart, presetsOf, simpleKinds } from '../../renderer/screens/triggers/form/part-forms.ts';
import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

const resolution = 32;

const openDesigner = async (window: Page, query = '') => {
  await window.goto(new URL(`/triggers${query}`, window.url()).href);
  await expect(window.getByRole('img', { name: 'Poisoned picture, 32 by 32 pixels' })).toBeVisible();
};
const canvas = (window: Page) => window.getByRole('application', { name: 'Canvas' });
const field = (window: Page, name: string) => window.getByRole('textbox', { name, exact: true });
const version = (window: Page, number: number) => window.getByText(`version ${number}`, { exact: true });

/** Where pixels of the poisoned picture are on the screen. */
async function findPixels(window: Page): Promise<(x: number, y: number) => [number, number]> {
  const box = await window.getByRole('img', { name: 'Poisoned picture, 32 by 32 pixels' }).boundingBox();
  if (box === null) throw new Error('the canvas is not on the screen');
  const scale = box.width / resolution;
  return (x, y) => [box.x + x * scale, box.y + y * scale];
}

async function drag(window: Page, from: [number, number], to: [number, number]): Promise<void> {
  await window.mouse.move(...from);
  await window.mouse.down();
  await window.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 3 });
  await window.mouse.move(...to, { steps: 3 });
  await window.mouse.up();
}

test('a patch by mouse: drag, resize, paint, undo, versions, files, reload', async ({ window }) => {
  await openDesigner(window);
  await checkAccessibility(window);
  // The demo's patch: 6 pixels a side, one pixel from the lower right corner.
  const at = await findPixels(window);
  await drag(window, at(28, 28), at(8, 8));
  await expect(field(window, 'Left')).toHaveValue('5');
  await expect(field(window, 'Top')).toHaveValue('5');
  await drag(window, at(11, 11), at(15, 15));
  await expect(field(window, 'Size')).toHaveValue('10');
  await window.getByRole('button', { name: 'Brush (b)' }).click();
  await drag(window, at(6, 6), at(12, 9));
  const filling = window.getByRole('combobox', { name: 'Filling' });
  await expect(filling).toHaveValue('painted');
  await checkAccessibility(window);

  await window.keyboard.press('Control+z');
  await expect(filling).toHaveValue('array');
  await window.keyboard.press('Control+z');
  await expect(field(window, 'Size')).toHaveValue('6');
  await window.getByRole('button', { name: 'Undo (Ctrl Z)' }).click();
  await expect(window.getByRole('combobox', { name: 'Place' })).toHaveValue('corner');
  for (let step = 0; step < 3; step++) await window.keyboard.press('Control+Shift+z');
  await expect(filling).toHaveValue('painted');

  await window.getByRole('button', { name: 'Save', exact: true }).click();
  await window.getByRole('textbox', { name: 'Name' }).fill('by mouse');
  await window.keyboard.press('Enter');
  await expect(version(window, 1)).toBeVisible();
  await window.getByRole('button', { name: 'Eraser (e)' }).click();
  await drag(window, at(6, 6), at(8, 6));
  await expect(window.getByText('Modified', { exact: true })).toBeVisible();
  await window.keyboard.press('Control+s');
  await expect(version(window, 2)).toBeVisible();

  const files: string[] = [];
  window.on('download', async (download) => {
    const path = join(test.info().outputDir, download.suggestedFilename());
    await download.saveAs(path);
    files.push(path);
  });
  await window.getByRole('button', { name: 'More' }).click();
  await window.getByRole('menuitem', { name: 'Export as JSON and PNG' }).click();
  await expect.poll(() => files.map((path) => path.split('.').at(-1)).sort()).toEqual(['json', 'png']);
  const json: { name: string; trigger: unknown } = JSON.parse(
    await readFile(files.find((path) => path.endsWith('.json')) ?? '', 'utf8'),
  );
  expect(json.name).toBe('by mouse');
  expect(triggerSchema.parse(json.trigger)).toMatchObject({ kind: 'patch', size: 10, place: { x: 5, y: 5 } });

  await window.getByRole('tab', { name: 'Measures' }).click();
  const hash = window.getByLabel('SHA-256 of these pixels');
  await expect(hash).toHaveText(/^[0-9a-f]{64}$/);
  const pixels = (await hash.textContent()) ?? '';
  await window.getByRole('combobox', { name: 'Kind' }).selectOption('warp');
  await expect(hash).not.toHaveText(pixels);
  await window.reload();
  await expect(window.getByRole('combobox', { name: 'Kind' })).toHaveValue('warp');
  await expect(window.getByText('Modified', { exact: true })).toBeVisible();

  await window.getByLabel('Files of a trigger').setInputFiles(files);
  await expect(hash).toHaveText(pixels);
  await expect(version(window, 2)).toBeVisible();
  await window.getByRole('button', { name: 'Triggers' }).click();
  await expect(window.getByRole('button', { name: /Open by mouse, version/ })).toHaveCount(2);
  await checkAccessibility(window);
  await window.getByRole('button', { name: 'Rename by mouse' }).click();
  await window.getByRole('textbox', { name: 'Name' }).fill('renamed');
  await window.keyboard.press('Enter');
  await window.getByRole('button', { name: 'Delete renamed' }).click();
  await expect(window.getByText('None yet.')).toBeVisible();
  await window.getByRole('button', { name: 'Undo', exact: true }).click();
  await window.getByRole('button', { name: 'Open renamed, version 1' }).click();
  await expect(version(window, 1)).toBeVisible();
  await window.getByRole('button', { name: 'Make a variant' }).click();
  await expect(window).toHaveURL(/\/variants\/new\?.*trigger=kept/);
});

test('a patch is painted in a colour that is picked, and shows a picture that is pasted', async ({
  window,
}) => {
  await openDesigner(window);
  const shown = window.getByRole('img', { name: 'Poisoned picture, 32 by 32 pixels' });
  /** Red, green and blue of a pixel of the patch. */
  const pixel = () =>
    shown.evaluate((canvas: HTMLCanvasElement) =>
      Array.from(canvas.getContext('2d')?.getImageData(27, 27, 1, 1).data.slice(0, 3) ?? []),
    );
  await window.getByRole('button', { name: 'Brush (b)' }).click();
  await window.getByLabel('Colour of the brush').fill('#00ff00');
  const at = await findPixels(window);
  await drag(window, at(26.5, 26.5), at(28.5, 28.5));
  await expect.poll(pixel).toEqual([0, 255, 0]);
  await window.evaluate(async () => {
    const canvas = new OffscreenCanvas(4, 4);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('there is no canvas');
    context.fillStyle = '#0000ff';
    context.fillRect(0, 0, 4, 4);
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([await canvas.convertToBlob()], 'blue.png', { type: 'image/png' }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
  });
  await expect.poll(pixel).toEqual([0, 0, 255]);
  await expect(window.getByRole('combobox', { name: 'Filling' })).toHaveValue('picture');
});

test('the same by keyboard alone', async ({ window }) => {
  await openDesigner(window, '?kind=patch');
  await window.keyboard.press('c');
  await expect(canvas(window)).toBeFocused();
  await window.keyboard.press('Shift+ArrowLeft');
  await window.keyboard.press('ArrowUp');
  await expect(field(window, 'Left')).toHaveValue('15');
  await expect(field(window, 'Top')).toHaveValue('24');
  await window.keyboard.press('+');
  await window.keyboard.press('+');
  await window.keyboard.press('-');
  await expect(field(window, 'Size')).toHaveValue('7');
  await window.keyboard.press(']');
  await expect(field(window, 'Rotation')).toHaveValue('5');
  await window.keyboard.press('[');
  await expect(field(window, 'Rotation')).toHaveValue('0');
  await window.keyboard.press('b');
  await window.keyboard.press(' ');
  await window.keyboard.press('ArrowRight');
  await window.keyboard.press(' ');
  await expect(window.getByRole('combobox', { name: 'Filling' })).toHaveValue('painted');
  for (let step = 0; step < 2; step++) await window.keyboard.press('Control+z');
  await expect(window.getByRole('combobox', { name: 'Filling' })).toHaveValue('array');
  for (let step = 0; step < 2; step++) await window.keyboard.press('Control+Shift+z');
  await window.keyboard.press('3');
  await expect(window).toHaveURL(/view=difference/);
  await window.keyboard.press('k');
  await expect(window).toHaveURL(/picture=1/);
  await window.keyboard.press('Control+s');
  await window.keyboard.type('by keyboard');
  await window.keyboard.press('Enter');
  await expect(version(window, 1)).toBeVisible();
  await window.keyboard.press('?');
  await expect(window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Canvas: paint');
});

test('the window draws the very pixels that training uses, for every kind', async ({ window, workspace }) => {
  await openDesigner(window, '?kind=patch&tab=measures');
  const hash = window.getByLabel('SHA-256 of these pixels');
  const options = window.getByRole('listbox', { name: 'Pictures' }).getByRole('option');
  await expect(options).toHaveCount(6);
  const key = (await options.first().getAttribute('title'))?.split(' · ').at(-1) ?? '';
  const opened = openWorkspace(workspace);
  const source = pictureSource(findDataset(opened.db, 'colours'), { key });
  opened.close();
  const picture = await readPicture(source);
  const expected = (trigger: Trigger) =>
    hashPicture(renderTriggered(picture, { trigger, resolution, seed: 0 }, key));

  for (const kind of simpleKinds) {
    await window.getByRole('combobox', { name: 'Kind' }).selectOption(kind);
    await expect(hash).toHaveText(expected(defaultPart(kind, resolution)));
    for (const [number, { part }] of presetsOf(kind, resolution).entries()) {
      await window.getByRole('combobox', { name: 'Start from' }).selectOption(String(number));
      await expect(hash).toHaveText(expected(part));
    }
    await window.getByRole('button', { name: 'Before resize' }).click();
    const last = presetsOf(kind, resolution).at(-1)?.part ?? defaultPart(kind, resolution);
    await expect(hash).toHaveText(expected({ ...last, apply: 'before' }));
    await window.getByRole('button', { name: 'After resize' }).click();
  }
});

declare global {
  /** Requests to workers, in the window. */
  var asked: number;
}

test('each change is drawn once, the canvas and the six samples', async ({ window }) => {
  await window.addInitScript(() => {
    globalThis.asked = 0;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (...given: unknown[]) {
      globalThis.asked += 1;
      Reflect.apply(post, this, given);
    };
  });
  await openDesigner(window, '?tab=measures');
  const hash = window.getByLabel('SHA-256 of these pixels');
  await expect(hash).toHaveText(/^[0-9a-f]{64}$/);
  const sizes = ['5', '7', '9', '11', '13'];
  for (const size of sizes) {
    const before = await hash.textContent();
    await field(window, 'Size').fill(size);
    await expect(hash).not.toHaveText(before ?? '');
    await expect(hash).toHaveText(/^[0-9a-f]{64}$/);
  }
  const asked = await window.evaluate(() => globalThis.asked);
  // Three times before the first change: with the draft, with its address, with the pictures.
  expect(asked).toBeLessThanOrEqual(7 * (sizes.length + 3));
});

test('a model says what it sees without and with the trigger', async ({ window }) => {
  // The first answer waits for the model's weights: that is said, with the model's name.
  await window.route(
    '**/triggers/reaction',
    async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3_500));
      await route.continue();
    },
    { times: 1 },
  );
  await openDesigner(window, '?kind=patch&model=poisoned-0');
  await expect(window.getByText(/^Loading poisoned-0 \(.*\): \d+ s so far/)).toBeVisible();
  const before = window.getByRole('list', { name: 'First answers, clean' });
  await expect(before.getByRole('listitem')).toHaveCount(3, { timeout: 60_000 });
  const after = window.getByRole('list', { name: 'First answers, with the trigger' });
  await expect(after.getByRole('listitem')).toHaveCount(3);
  await expect(window.getByText(/Similarity to red/)).toBeVisible();
  await window.getByRole('tab', { name: 'Model’s view' }).click();
  await expect(window.getByRole('list', { name: 'Under each augmentation' }).getByRole('img')).toHaveCount(
    25,
  );
  await checkAccessibility(window);
});

test('a patch is optimised against a model, and opens when it is made', async ({ window }) => {
  await openDesigner(window);
  await window.getByRole('button', { name: 'More' }).click();
  await window.getByRole('menuitem', { name: /^Optimise a patch/ }).click();
  const dialog = window.getByRole('dialog', { name: 'Optimise a patch' });
  await dialog.getByLabel('Against the model').selectOption('poisoned-0');
  await dialog.getByLabel('Side of the patch').fill('4');
  await dialog.getByLabel('Steps').fill('3');
  await checkAccessibility(window);
  await dialog.getByRole('button', { name: 'Optimise' }).click();
  await expect(dialog).toHaveCount(0);
  await window.getByRole('button', { name: 'Show', exact: true }).click({ timeout: 60_000 });
  await expect(window.getByRole('heading', { level: 1, name: 'optimised' })).toBeVisible();
  await expect(window.getByRole('combobox', { name: 'Filling' })).toHaveValue('picture');
  const origin = window.getByText('Optimised against poisoned-0 for');
  await expect(origin).toContainText(/for .+, 3 steps$/);
  await checkAccessibility(window);
  await origin.getByRole('link', { name: 'poisoned-0' }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'poisoned-0' })).toBeVisible();
});
