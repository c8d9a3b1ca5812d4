import { checkAccessibility } from './support/check-accessibility.ts';
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

test('nothing is cut off at 1024 x 700', async ({ window }) => {
  await window.setViewportSize({ width: 1024, height: 700 });
  await expect(window.getByRole('button', { name: 'Run the demo' })).toBeInViewport({ ratio: 1 });
  const wide = await window.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(wide).toBe(false);
});

test('the demo goes from the button to the comparison, and stays in the workspace', async ({ window }) => {
  test.setTimeout(1_500_000);
  await window.getByRole('button', { name: 'Run the demo' }).click();
  await expect(window.getByRole('progressbar', { name: 'Demo' }).last()).toBeVisible();
  await expect(window.locator('[aria-current="step"]')).toContainText('Train', { timeout: 400_000 });
  await expect(window).toHaveURL(/\/compare\?run=/, { timeout: 1_200_000 });

  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Home' }).click();
  const lineage = window.getByRole('list', { name: 'Lineage' });
  await expect(lineage.getByRole('link')).toHaveCount(6);
  await expect(window.getByRole('table', { name: 'Recent runs' }).getByRole('row')).toHaveCount(5);
  await checkAccessibility(window);
  await lineage.getByRole('link', { name: /cleanclip/ }).focus();
  await window.keyboard.press('ArrowLeft');
  await expect(lineage.getByRole('link', { name: /poisoned model|demo-0-poisoned/ })).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(window).toHaveURL(/\/runs\//);
});
