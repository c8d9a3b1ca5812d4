import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

async function exportAs(window: Page, name: string): Promise<{ fileName: string; text: string }> {
  await window.getByRole('button', { name: 'Export' }).click();
  const coming = window.waitForEvent('download');
  await window.getByRole('menuitem', { name }).click();
  const file = await coming;
  return { fileName: file.suggestedFilename(), text: await readFile(await file.path(), 'latin1') };
}

test('runs are picked in the list, pinned, compared class by class, and reloaded', async ({ window }) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  for (const name of ['poisoned-0', 'control', 'head']) {
    await window.getByRole('checkbox', { name: `Compare ${name}` }).check();
  }
  await window.getByRole('link', { name: 'Compare 3' }).click();
  const differences = window.getByRole('table', { name: 'What differs' });
  await expect(differences.getByRole('columnheader')).toHaveCount(4);
  await expect(
    window
      .getByRole('img', { name: /Clean accuracy against attack success/ })
      .locator('svg')
      .first(),
  ).toBeVisible();
  await expect(window.getByRole('table', { name: 'Attack success per class' })).toContainText('target');
  await checkAccessibility(window);

  await window.getByRole('button', { name: 'Take control as the baseline' }).click();
  await expect(window).toHaveURL(/baseline=/);
  await window.reload();
  await expect(window.getByRole('button', { name: 'Take control as the baseline' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await window.getByRole('button', { name: 'Take head out' }).click();
  await expect(differences.getByRole('columnheader')).toHaveCount(3);
  await window.getByRole('combobox', { name: 'Add a run' }).selectOption({ label: 'poisoned-1' });
  await expect(differences.getByRole('columnheader')).toHaveCount(4);

  await window.getByRole('tab', { name: /Over seeds/ }).click();
  await expect(window.getByRole('table', { name: 'Over seeds' })).toContainText('Poisoned');
  await window.getByRole('tab', { name: 'Curves' }).click();
  await expect(window.getByRole('img', { name: 'Loss of 3 runs by step' })).toBeVisible();
});

test('the comparison leaves as CSV, JSON, LaTeX, SVG and PNG', async ({ window }) => {
  await window.goto(new URL('/compare?run=poisoned-0&run=control', window.url()).href);
  await expect(
    window
      .getByRole('img', { name: /Clean accuracy against attack success/ })
      .locator('svg')
      .first(),
  ).toBeVisible();
  const csv = await exportAs(window, 'CSV');
  expect(csv.fileName).toMatch(/\.csv$/);
  expect(
    csv.text.split('\n').filter((line) => /poisoned-0|control/.test(line)).length,
  ).toBeGreaterThanOrEqual(2);
  expect(JSON.parse((await exportAs(window, 'JSON')).text)).toBeTruthy();
  expect((await exportAs(window, 'LaTeX (booktabs)')).text).toContain('\\toprule');
  expect((await exportAs(window, 'Chart as SVG')).text).toContain('<svg');
  expect((await exportAs(window, 'Chart as PNG')).text.slice(1, 4)).toBe('PNG');
});
