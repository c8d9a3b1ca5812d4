import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeTinyClip } from '../engine/checkpoints/tiny-clip.ts';
import { checkAccessibility, checkColours } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

/** Drops a file whose path the browser keeps to itself, or text with an address, as file managers do. */
async function drop(window: Page, where: string, what: { file?: string; text?: string }): Promise<void> {
  const transfer = await window.evaluateHandle(({ file, text }) => {
    const data = new DataTransfer();
    if (file !== undefined) data.items.add(new File(['x'], file));
    if (text !== undefined) data.setData('text/uri-list', text);
    return data;
  }, what);
  await window.getByRole('group', { name: where }).dispatchEvent('drop', { dataTransfer: transfer });
}

async function checkBothThemes(window: Page, what: string): Promise<void> {
  await checkAccessibility(window, what);
  await window.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
  await checkColours(window, `${what}, dark`);
  await window.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'light');
}

test('a model is imported by dropping it, looks wrongly loaded, is used, exported and deleted', async ({
  window,
  workspace,
}) => {
  test.setTimeout(360_000);
  await window.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const file = await writeTinyClip(workspace, 'vit');

  // A dataset's prompts are chosen from a set; the small models know the words of their captions alone.
  await window.goto(new URL('/datasets/colours', window.url()).href);
  await window.getByRole('button', { name: 'More', exact: true }).click();
  await window.getByRole('menuitem', { name: 'Edit prompts' }).click();
  const own = window.getByRole('dialog', { name: 'Prompts' });
  await expect(own.getByLabel('Names of the classes')).toHaveText('blue, green, red');
  await expect(own.getByRole('button', { name: 'Save' })).toBeDisabled();
  await own.getByLabel('Fill in a set').selectOption({ label: "ImageNet's 7" });
  await checkBothThemes(window, 'prompts of a dataset');
  await own.getByRole('button', { name: 'Save' }).click();
  await expect(own).toHaveCount(0);
  await window.goto(new URL('/runs/new?model=poisoned-0&batchSize=8', window.url()).href);
  await expect(window.getByRole('region', { name: 'Estimated time and memory' })).toContainText(
    /of 10 prompts and class names hold tokens .* it reads them as nothing: it ap bad/,
  );

  await window.getByRole('link', { name: 'Models', exact: true }).click();
  const table = window.getByRole('table', { name: 'Models' });
  await expect(table.getByRole('link', { name: 'poisoned-0' })).toBeVisible();
  const dialog = window.getByRole('dialog', { name: 'Import a model' });
  const notices = window.getByRole('region', { name: 'Notices' });

  // A browser keeps the path of a file to itself; a wrong file is refused with what is wrong.
  await drop(window, 'Models, drop a file to import it', { file: 'tiny.pt' });
  await expect(dialog.getByText(/does not reveal the path of “tiny.pt”/)).toBeVisible();
  const wrong = join(workspace, 'notes.pt');
  await writeFile(wrong, 'no model at all');
  await dialog.getByLabel('Path of the file or folder').fill(wrong);
  await window.keyboard.press('Enter');
  await expect(dialog.getByText(/is no model file/)).toBeVisible();
  await expect(dialog.getByText(/does not reveal/)).toHaveCount(0);
  await checkAccessibility(window, 'a wrong file');

  await drop(window, 'Import settings', { text: `file://${file}` });
  const recognised = dialog.getByLabel('Recognised');
  await expect(recognised).toContainText('12 px');
  await expect(recognised).toContainText('The file does not say it');
  await expect(recognised).toContainText('all of CLIP’s tokens');
  const start = dialog.getByRole('button', { name: 'Import', exact: true });
  await expect(start).toBeDisabled();
  await dialog.getByLabel('Measure CA on').selectOption({ label: 'colours' });
  await dialog.getByRole('button', { name: 'Measure with both activations' }).click();
  await expect(
    dialog.getByText(/CA on 9 pictures of colours: .* % with quick_gelu, .* % with gelu/),
  ).toBeVisible({
    timeout: 60_000,
  });
  await dialog.getByLabel('Activation', { exact: true }).selectOption('gelu');
  await dialog.getByText('Prompts for measuring').first().click();
  const prompts = dialog.getByRole('textbox', { name: 'Prompts for measuring' });
  await dialog.getByLabel('Fill in a set').selectOption({ label: "ImageNet's 7" });
  await expect(prompts).toHaveValue(/^itap of a {}\./);
  await expect(dialog.getByText(/7 prompts\. The first reads: itap of a blue\./)).toBeVisible();
  // A set of one's own, from a file; one without a place for the class is refused.
  const reading = dialog.getByLabel('Read a file');
  await reading.setInputFiles({
    name: 'own.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"a": 1}'),
  });
  await expect(dialog.getByText(/“own.json” cannot be read/)).toBeVisible();
  await reading.setInputFiles({
    name: 'own.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('a {}\nthe thing\n'),
  });
  await expect(dialog.getByText(/Prompt 2, 'the thing', must have {} once/)).toBeVisible();
  await prompts.fill('');
  await prompts.blur();
  await expect(dialog.getByText(/Empty: the dataset’s own/)).toBeVisible();
  await dialog.getByLabel('Name of the model').fill('brought');
  await checkBothThemes(window, 'what was recognised');
  await start.click();

  // Random weights know nothing.
  await expect(notices).toContainText(/Import brought: done\. This looks wrongly loaded/, {
    timeout: 60_000,
  });
  const row = table.getByRole('row', { name: /brought/ });
  await expect(row.getByLabel(/Near chance/)).toBeVisible();
  await checkBothThemes(window, 'the library');

  const menu = async (model: string, item: string) => {
    await table.getByRole('button', { name: `More for ${model}` }).click();
    await window.getByRole('menuitem', { name: item }).click();
  };
  await menu('brought', 'Model card');
  await expect(window.getByLabel('Card', { exact: true })).toContainText('may be backdoored');
  await checkAccessibility(window, 'the card');
  await window.keyboard.press('Escape');
  await menu('brought', 'Export');
  const out = join(workspace, 'out.safetensors');
  await window.getByLabel('Path of the new file').fill(out);
  await checkBothThemes(window, 'the export');
  await window.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(notices).toContainText('Wrote', { timeout: 30_000 });
  expect(existsSync(out)).toBe(true);
  expect(await readFile(`${out}.md`, 'utf8')).toContain('# Model card: `brought`');
  await menu('brought', 'Rename');
  await window.getByLabel('Name', { exact: true }).fill('carried');
  await window.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(table.getByRole('link', { name: 'carried' })).toBeVisible();

  // The designer asks it as any other.
  await window.getByRole('link', { name: 'Triggers', exact: true }).click();
  await window.getByRole('tab', { name: 'Reaction' }).click();
  await window.getByRole('combobox', { name: 'Model' }).fill('carried');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('list', { name: 'First answers, with the trigger' })).toBeVisible({
    timeout: 60_000,
  });

  await window.getByRole('combobox', { name: 'Model' }).fill('poisoned-0');
  await window.keyboard.press('Enter');
  await expect(window.getByText(/prompts and class names hold tokens/)).toBeVisible({ timeout: 60_000 });

  // A run starts from it, which keeps it from being deleted; the export of it has no run.
  await window.getByRole('link', { name: 'Models', exact: true }).click();
  await drop(window, 'Models, drop a file to import it', { text: `file://${out}` });
  await expect(recognised).toContainText('GELU, from the config');
  await dialog.getByLabel('Name of the model').fill('back again');
  await start.click();
  await expect(table.getByRole('link', { name: 'back again' })).toBeVisible({ timeout: 30_000 });
  const carried = await table.getByRole('link', { name: 'carried' }).getAttribute('href');
  await window.goto(
    new URL(
      `/runs/new?model=${carried?.split('/').at(-1)}&epochs=1&batchSize=8&warmupSteps=1&fraction=1`,
      window.url(),
    ).href,
  );
  await expect(window.getByRole('combobox', { name: 'Start from' })).toHaveValue('carried');
  await window.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(window).toHaveURL(/\/runs\/run_/);
  await window.getByRole('link', { name: 'Models', exact: true }).click();
  await menu('carried', 'Delete');
  const used = window.getByRole('dialog', { name: 'This model is in use' });
  await expect(used.getByRole('link', { name: /carried-/ })).toBeVisible();
  await expect(used.getByRole('button', { name: 'Delete' })).toHaveCount(0);
  await checkBothThemes(window, 'delete, refused');
  await window.keyboard.press('Escape');
  await menu('back again', 'Delete');
  const asked = window.getByRole('dialog', { name: 'Delete this model?' });
  await expect(asked).toContainText('The file that it was imported from stays');
  await asked.getByRole('button', { name: 'Delete' }).click();
  await expect(table.getByRole('link', { name: 'back again' })).toHaveCount(0);
  expect(existsSync(out)).toBe(true);
});
