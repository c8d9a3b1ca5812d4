import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

test('poisoned pairs are ranked by a model, left out of a new dataset, and shown in the browser', async ({
  window,
}) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Detection' }).click();
  await expect(window.getByText('No detections yet')).toBeVisible();
  await window.getByRole('link', { name: 'Find poisoned pairs' }).first().click();
  await window.getByRole('combobox', { name: 'Training pairs of' }).selectOption({ label: 'poison-0' });
  await window.getByRole('combobox', { name: 'Detector' }).selectOption({ label: 'k-distance' });
  await window.getByRole('textbox', { name: 'Neighbours (k)' }).fill('3');
  await checkAccessibility(window);
  await window.getByRole('button', { name: 'Start' }).click();

  const manifest = window.getByLabel('Against the manifest').last();
  await expect(manifest).toContainText(/AUROC\s*[01]\.\d{3}/, { timeout: 60_000 });
  await expect(manifest).toContainText(/Poisoned pairs\s*4 of 26/);
  const pairs = window.getByRole('grid', { name: 'Pairs by suspicion' });
  await expect(pairs.getByRole('img').first()).toBeVisible();
  await expect(
    window.getByRole('img', { name: /Histogram of the scores: 22 clean, 4 poisoned/ }),
  ).toBeVisible();
  await checkAccessibility(window);
  const page = window.url();

  await window.getByRole('button', { name: 'Open in the browser' }).click();
  await expect(window).toHaveURL(/\/datasets\/.*tag=k-distance/);
  await expect(window.getByText('4 of 35')).toBeVisible();

  await window.goto(page);
  await window.getByRole('button', { name: 'Make a dataset without these' }).click();
  const dialog = window.getByRole('dialog', { name: 'Make a dataset without these' });
  await dialog.getByRole('textbox', { name: 'Most suspicious pairs to leave out' }).fill('5');
  await dialog.getByRole('textbox', { name: 'Name of the new dataset' }).fill('cleaned');
  await dialog.getByRole('button', { name: 'Make the dataset' }).click();
  await expect(window.getByText(/Left out 5 pairs\. \d poisoned pairs are left\./)).toBeVisible();
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Datasets' }).click();
  await expect(window.getByRole('link', { name: 'cleaned' })).toBeVisible();
});

test('a model is scanned from its results page, and the scan says what it found', async ({ window }) => {
  await window.goto(new URL('/models/poisoned-0', window.url()).href);
  await window.getByRole('button', { name: 'Measure further' }).click();
  await window.getByRole('menuitem', { name: 'Scan for a backdoor' }).click();
  await expect(window.getByRole('combobox', { name: 'Model' })).toHaveValue('poisoned-0');
  await window.getByRole('textbox', { name: 'Steps' }).fill('40');
  await window.getByRole('button', { name: 'Start' }).click();
  await expect(window.getByRole('heading', { name: 'Scan of poisoned-0' })).toBeVisible({ timeout: 60_000 });
  await expect(window.getByRole('region', { name: 'Verdict' })).toContainText(/backdoor/);
  await checkAccessibility(window);
});
