import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

test('two lambdas and three seeds from the form become a sweep, which is run, measured and shown', async ({
  window,
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

  // One poisoned model for all: six more runs, no more.
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  await expect(window.getByRole('table', { name: 'Runs' }).getByRole('row')).toHaveCount(11);
  await window.getByRole('link', { name: 'Sweeps' }).click();
  await expect(window.getByRole('row', { name: /lambdas/ })).toContainText('done');
});
