import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/demo-test.ts';
import { startHost } from './support/start-host.ts';

test('the demo went from the button to the comparison, and stays in the workspace', {
  tag: '@minutes',
}, async ({ window }) => {
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

test("two lambdas and three seeds of the demo's repair, from the form, are killed in the middle and resumed", {
  tag: '@minutes',
}, async ({ host, workspace, page }) => {
  test.setTimeout(900_000);
  await page.goto(host.url);
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('button', { name: 'More for demo-0-cleanclip' }).click();
  await page.getByRole('menuitem', { name: 'Clone and edit' }).click();
  await page.getByLabel('Name').fill('demo-lambdas');
  await page.getByLabel('Epochs', { exact: true }).fill('2');
  await page.getByLabel('Last epochs on pairs').fill('1');
  await page.getByRole('button', { name: 'Vary a setting' }).click();
  await page.getByRole('button', { name: 'Vary a setting' }).click();
  await page.getByLabel('Varied setting 2').selectOption('lambda');
  await page.getByLabel('Values of lambda').fill('4, 8');
  await page.keyboard.press('Tab');
  // The demo's poisoned model is there: nothing comes before the six.
  await expect(page.locator('[data-sweep-preview]')).toContainText(/6 runs:\s+about/);
  await page.getByRole('button', { name: 'Start 6 runs' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'demo-lambdas' })).toBeVisible();

  const table = page.getByRole('table', { name: 'Runs of the sweep' });
  await expect(table.getByRole('row', { name: /demo-lambdas-3 running/ })).toBeVisible({ timeout: 400_000 });
  process.kill(host.pid, 'SIGKILL');
  const again = await startHost(workspace);
  await page.goto(again.url);
  await page.goto(new URL('/sweeps/demo-lambdas', page.url()).href);
  await expect(page.getByText('2 of 6 runs done')).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('6 of 6 runs done')).toBeVisible({ timeout: 400_000 });
  for (const row of (await table.getByRole('row').all()).slice(1)) {
    await expect(row.getByRole('cell').last()).toHaveText(/^\d/);
  }
  await expect(page.locator('[data-best]')).toContainText(/lambda [48],\s+mean ASR \d.* over 3 runs/);
  await checkAccessibility(page);

  // One poisoned model for all: six more runs, which start from the demo's.
  await page.goto(new URL('/runs?view=table', page.url()).href);
  await expect(page.locator('[data-table-count]')).toHaveText('10 runs');
  await page.getByLabel('Filter').fill('method:cleanclip start:demo-0-poisoned poisons:400');
  await expect(page.locator('[data-table-count]')).toHaveText('7 runs');
  await again.stop();
});
