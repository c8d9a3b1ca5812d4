import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

test('two lambdas and three seeds from the form become a sweep, which is run, measured, shown and reported', async ({
  window,
  workspace,
}) => {
  const form =
    '/runs/new?model=poisoned-0&method=cleanclip&epochs=1&batchSize=8&warmupSteps=1&fraction=1&name=lambdas';
  await window.goto(new URL(form, window.url()).href);
  await window.getByRole('button', { name: 'Vary a setting' }).click();
  await expect(window.getByLabel('Values of seed')).toHaveValue('0..2');
  await window.getByRole('button', { name: 'Vary a setting' }).click();
  await window.getByLabel('Varied setting 2').selectOption('lambda');
  await window.getByLabel('Values of lambda').fill('1, 4');
  await window.keyboard.press('Tab');
  await expect(window.locator('[data-sweep-preview]')).toContainText('6 runs');
  await checkAccessibility(window, 'form with what varies');
  await window.getByRole('button', { name: 'Start 6 runs' }).click();

  await expect(window.getByRole('heading', { level: 1, name: 'lambdas' })).toBeVisible();
  await expect(window.getByText('6 of 6 runs done')).toBeVisible({ timeout: 150_000 });
  const table = window.getByRole('table', { name: 'Runs of the sweep' });
  await expect(table.getByRole('row')).toHaveCount(7);
  for (const row of (await table.getByRole('row').all()).slice(1)) {
    await expect(row.getByRole('cell').last()).toHaveText(/^\d/);
    await expect(row).toContainText('done');
  }
  await expect(window.locator('[data-best]')).toContainText(/lambda [14]/);
  await expect(
    window.getByRole('img', { name: 'CA and ASR over lambda' }).locator('svg').first(),
  ).toBeVisible();
  await checkAccessibility(window, 'page of a sweep');
  // The six with what they start from, which is their baseline.
  await expect(window.getByRole('link', { name: 'Compare 7' })).toHaveAttribute('href', /(run=run_\w+&?){7}/);

  await window.getByRole('button', { name: 'Report', exact: true }).click();
  const dialog = window.getByRole('dialog', { name: 'Make a report' });
  await dialog.getByRole('button', { name: 'Folder', exact: true }).click();
  const folder = join(workspace, 'report of lambdas');
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
  await checkAccessibility(window, 'report as a folder');
  await dialog.getByRole('button', { name: 'Make the report' }).click();
  await expect(window.getByText(`Saved the report in ${folder}.`)).toBeVisible();
  await expect(dialog).toHaveCount(0);
  const hashes = (await readFile(join(folder, 'hashes.txt'), 'utf8')).trimEnd().split('\n');
  const paths = hashes.map((line) => line.slice(66));
  expect(paths).toContain('report.html');
  expect(paths.filter((path) => path.startsWith('runs/'))).toHaveLength(6);
  for (const [index, path] of paths.entries()) {
    const content = await readFile(join(folder, path));
    expect(createHash('sha256').update(content).digest('hex')).toBe(hashes[index]?.slice(0, 64));
  }
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  for (let place = 1; place <= 6; place += 1) expect(page).toContain(`lambdas-${place}`);
  // A folder that is not empty is never written into.
  await window.getByRole('button', { name: 'Report', exact: true }).click();
  await dialog.getByRole('button', { name: 'Folder', exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
  await dialog.getByRole('button', { name: 'Make the report' }).click();
  await expect(dialog.getByRole('alert')).toContainText('report of lambdas');
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  // One poisoned model for all: six more runs, no more.
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  await expect(window.getByRole('table', { name: 'Runs' }).getByRole('row')).toHaveCount(11);
  await window.getByRole('link', { name: 'Sweeps' }).click();
  await expect(window.getByRole('row', { name: /lambdas/ })).toContainText('done');

  await window.goto(new URL('/runs/control', window.url()).href);
  await window.getByRole('button', { name: 'Repeat over seeds' }).click();
  const repeat = window.getByRole('dialog', { name: 'Repeat control over seeds' });
  await expect(repeat.getByRole('button', { name: 'Start 5 runs' })).toBeEnabled();
  await repeat.getByRole('textbox', { name: 'Seeds' }).fill('2');
  await repeat.getByRole('button', { name: 'Start 2 runs' }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'control over seeds' })).toBeVisible();
  await expect(window.getByText('2 of 2 runs done')).toBeVisible({ timeout: 90_000 });
});
