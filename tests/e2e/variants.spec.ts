import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

test('a trigger of one’s own becomes a variant that is looked at, verified, exported, and comes back with the same hash', async ({
  window,
}) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Triggers' }).click();
  const picture = window.getByRole('img', { name: 'Poisoned picture, 32 by 32 pixels' });
  await expect(picture).toBeVisible();
  const box = await picture.boundingBox();
  if (box === null) throw new Error('the canvas is not on the screen');
  const at = (pixel: number) =>
    [box.x + (pixel * box.width) / 32, box.y + (pixel * box.height) / 32] as const;
  await window.mouse.move(...at(28));
  await window.mouse.down();
  await window.mouse.move(...at(18), { steps: 3 });
  await window.mouse.move(...at(8), { steps: 3 });
  await window.mouse.up();
  const left = window.getByRole('textbox', { name: 'Left', exact: true });
  await expect(left).toHaveValue('5');
  await window.getByRole('application', { name: 'Canvas' }).press('ArrowRight');
  await expect(left).toHaveValue('6');
  await window.keyboard.press('Control+z');
  await expect(left).toHaveValue('5');
  await window.getByRole('button', { name: 'Save', exact: true }).click();
  await window.getByRole('textbox', { name: 'Name' }).fill('mine');
  await window.keyboard.press('Enter');
  await expect(window.getByText('version 1', { exact: true })).toBeVisible();
  await window.getByRole('button', { name: 'Make a variant' }).click();

  const preview = window.getByRole('region', { name: 'What it would change' });
  await window.getByLabel('Pairs', { exact: true }).fill('3');
  await expect(preview.getByRole('status')).toContainText('3 of');
  await checkAccessibility(window);
  await window.getByRole('button', { name: 'Next' }).click();

  const mine = window.getByRole('radio', { name: 'mine, version 1' });
  await expect(mine).toBeChecked();
  await expect(window.getByLabel('Resolution')).toHaveValue('32');
  await expect(preview.getByRole('img', { name: /with the trigger/ }).first()).toBeVisible();
  await checkAccessibility(window);
  await window.reload();
  await expect(mine).toBeChecked();
  await window.getByRole('button', { name: 'Next' }).click();

  const target = window.getByRole('combobox', { name: 'Target class' });
  await target.click();
  await target.press('ControlOrMeta+A');
  await target.pressSequentially('gre');
  await window.getByRole('option', { name: 'green' }).click();
  await window.getByLabel('Caption trigger').selectOption('insert');
  await window.getByLabel('Word or sentence').fill('cf');
  await expect(preview.getByText('cf').first()).toBeVisible();
  await window.getByLabel('Name of the variant').fill('by hand');
  await checkAccessibility(window);
  await window.getByRole('button', { name: 'Make the variant' }).click();

  await expect(window.getByRole('heading', { level: 1, name: 'by hand' })).toBeVisible();
  const changed = window.getByRole('region', { name: 'What it changes' });
  await expect(changed.getByText('3 changed', { exact: true })).toBeVisible();
  await expect(changed.getByRole('img', { name: /^Poisoned: cf / })).toHaveCount(3);
  const manifest = await window.getByTitle(/^[0-9a-f]{64}$/).getAttribute('title');
  await checkAccessibility(window);

  await window.getByRole('button', { name: 'Verify' }).click();
  await expect(window.getByText('All 3 records and the manifest are as they were made')).toBeVisible();

  const folder = join(tmpdir(), `ccw-e2e-export-${process.pid}-${Date.now()}`);
  try {
    await window.getByRole('button', { name: 'Export' }).click();
    await window.getByRole('dialog').getByLabel('Folder').fill(folder);
    await window.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
    await expect(window.getByText(/^Export by hand: done/).first()).toBeVisible();
    const written = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    expect(written).toMatchObject({ manifestSha256: manifest });

    await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Variants' }).click();
    await window.getByRole('button', { name: 'Import' }).click();
    await window.getByRole('dialog').getByLabel('Folder').fill(folder);
    await window.getByRole('dialog').getByLabel('Name').fill('come back');
    await window.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    await window
      .getByRole('link', { name: /come back/ })
      .first()
      .click();
    await expect(window.getByRole('heading', { level: 1, name: 'come back' })).toBeVisible();
    await expect(window.getByTitle(/^[0-9a-f]{64}$/)).toHaveAttribute('title', manifest ?? '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  await window.getByRole('button', { name: 'More for come back' }).click();
  await window.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(window.getByRole('link', { name: /come back/ })).toHaveCount(0);
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'come back' })).toBeVisible();
});

/** The address of a picture once it is asked for: it names the record. */
async function pictureOf(picture: Locator): Promise<string> {
  await expect(picture).toHaveAttribute('src', /./);
  return (await picture.getAttribute('src')) ?? '';
}

test('several attacks stand in one variant, and are filtered apart', async ({ window }) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Variants' }).click();
  await window.getByRole('link', { name: 'New variant' }).click();
  await window.getByLabel('Pairs', { exact: true }).fill('2');
  await window.getByRole('button', { name: 'Another attack' }).click();
  await window.getByLabel('Pairs', { exact: true }).fill('1');
  await window.getByRole('button', { name: 'Next' }).click();
  await window.getByRole('radio', { name: 'ours warm' }).press('Space');
  await window.getByRole('button', { name: 'Next' }).click();
  await window.getByRole('radio', { name: /^All-to-all/ }).check();
  await expect(window.getByRole('combobox', { name: 'Target class' })).toHaveCount(0);
  // The preview shows the records that the seed selects, each attack its own.
  const preview = window.getByRole('region', { name: 'What it would change' });
  const examples = preview.getByRole('img', { name: /^Clean: / });
  const attacks = window.getByRole('list', { name: 'Attacks of this variant' }).getByRole('listitem');
  await expect(preview.getByText('The first of the records that this seed selects.')).toBeVisible();
  const shown: string[] = [];
  for (const [index, pairs] of [2, 1].entries()) {
    await attacks.nth(index).getByRole('button').first().click();
    await expect(examples).toHaveCount(pairs);
    await expect(preview.locator('[aria-busy=true]')).toHaveCount(0);
    for (let place = 0; place < pairs; place += 1) shown.push(await pictureOf(examples.nth(place)));
  }
  // The variant is made before the host's answer with the job's id is here: it is shown all the same.
  await window.route('**/variants/create', async (route) => {
    const response = await route.fetch();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.fulfill({ response });
  });
  await window.getByRole('button', { name: 'Make the variant' }).click();

  const changed = window.getByRole('region', { name: 'What it changes' });
  await expect(changed.getByText('3 changed', { exact: true })).toBeVisible();
  const clean = changed.getByRole('img', { name: /^Clean/ });
  await expect(clean).toHaveCount(3);
  const made = await Promise.all([0, 1, 2].map((place) => pictureOf(clean.nth(place))));
  expect(made.toSorted()).toEqual(shown.toSorted());
  await window.getByLabel('Attack', { exact: true }).selectOption('1');
  await expect(changed.getByText('1 of 3 changed', { exact: true })).toBeVisible();
  await window.reload();
  await expect(changed.getByText('1 of 3 changed', { exact: true })).toBeVisible();
  await expect(window.getByRole('region', { name: 'Attack 2' })).toContainText('the next class');
});

test('what cannot be made is told before it is tried', async ({ window }) => {
  await window.goto(new URL('/variants/new', window.url()).href);
  await window.getByLabel('Pairs', { exact: true }).fill('100000');
  await expect(window.getByRole('alert')).toContainText('fewer than the 100000');
  await window.getByRole('button', { name: /Target and captions/ }).click();
  await expect(window.getByRole('button', { name: 'Make the variant' })).toBeDisabled();
  await window.goto(new URL('/variants/not-there', window.url()).href);
  await expect(window.getByRole('alert')).toContainText('not-there');
});
