import { checkAccessibility } from './support/check-accessibility.ts';
import { test as measuredTest } from './support/measured-test.ts';
import { expect, test } from './support/start-host.ts';

test('an empty workspace offers the demo, in both themes without a serious barrier', async ({ window }) => {
  await expect(window.getByRole('button', { name: 'Run the demo' })).toBeVisible();
  await expect(window.getByRole('listitem').filter({ hasText: 'Repair' })).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme });
    await expect(window.locator('html')).toHaveAttribute('data-theme', colorScheme);
    await checkAccessibility(window);
  }
});

test('the demo starts from its button, goes on through a reload, and stops', async ({ window }) => {
  await window.getByRole('button', { name: 'Run the demo' }).click();
  const progress = window.getByRole('main').getByRole('progressbar', { name: 'Demo' });
  await expect(progress).toBeVisible();
  await expect(window.locator('[aria-current="step"]')).toContainText('Data');
  await window.reload();
  await expect(progress).toBeVisible();
  await window.getByRole('main').getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(window.getByRole('button', { name: 'Run the demo' })).toBeVisible({ timeout: 60_000 });
});

test('nothing is cut off at 1024 x 700', async ({ window }) => {
  await window.setViewportSize({ width: 1024, height: 700 });
  await expect(window.getByRole('button', { name: 'Run the demo' })).toBeInViewport({ ratio: 1 });
  const wide = await window.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(wide).toBe(false);
});

measuredTest('home begins with the latest results, before and after', async ({ window }) => {
  const results = window.getByRole('list', { name: 'Latest results' });
  await expect(results.getByRole('listitem')).toHaveCount(4);
  const control = results.getByRole('listitem').filter({ hasText: 'control' });
  await expect(control).toContainText('from poisoned-0');
  await expect(control).toContainText(/ASR\s*[\d.]+\s*→\s*[\d.]+/);
  await control.getByRole('link', { name: 'control' }).click();
  await expect(window).toHaveURL(/\/models\//);
});

measuredTest('the lineage of what a search finds, with what it came from', async ({ window }) => {
  await window.goto(`${new URL(window.url()).origin}/?lineage=control`);
  const lineage = window.getByRole('list', { name: 'Lineage' });
  await expect(lineage.getByRole('link', { name: /control/ })).toHaveCount(1);
  await expect(lineage.getByRole('link', { name: /poisoned-0/ })).toHaveCount(1);
  await expect(lineage.getByRole('link', { name: /head/ })).toHaveCount(0);
  const search = window.getByRole('searchbox', { name: 'Find in the lineage' });
  await search.fill('no such thing');
  await expect(window.getByText('No run, model, variant or dataset has this in its name.')).toBeVisible();
  await window.getByRole('button', { name: 'Show all' }).click();
  await expect(lineage.getByRole('link', { name: /head/ })).toHaveCount(1);
});
