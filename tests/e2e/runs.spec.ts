import { readFile } from 'node:fs/promises';
import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

test('runs are listed with their results, found, archived, deleted and brought back', async ({ window }) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  const table = window.getByRole('table', { name: 'Runs' });
  await expect(table.getByRole('row')).toHaveCount(5);
  await checkAccessibility(window);

  await window.getByRole('searchbox', { name: 'Find a run' }).fill('control');
  await expect(table.getByRole('row')).toHaveCount(2);
  await window.reload();
  await expect(window.getByRole('searchbox', { name: 'Find a run' })).toHaveValue('control');
  await expect(table.getByRole('row')).toHaveCount(2);

  await window.getByRole('button', { name: 'More for control' }).click();
  await window.getByRole('menuitem', { name: 'Archive' }).click();
  await expect(window.getByText('No run matches')).toBeVisible();
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(table.getByRole('row')).toHaveCount(2);

  await window.getByRole('button', { name: 'More for control' }).click();
  await window.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(window.getByText('No run matches')).toBeVisible();
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(table.getByRole('row')).toHaveCount(2);
});

test('one run shows its curves, settings and log, takes a name and a note, and is reported', async ({
  window,
}) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  await window
    .getByRole('link', { name: /poisoned-0/ })
    .first()
    .click();
  await expect(window.getByRole('heading', { level: 1, name: 'poisoned-0' })).toBeVisible();
  await expect(
    window.getByRole('img', { name: 'Loss of poisoned-0 by step' }).locator('svg').first(),
  ).toBeVisible();
  await expect(window.getByRole('log')).toContainText('epoch 2 of 2');
  await expect(window.getByRole('region', { name: 'Settings' })).toContainText('Batch size');
  await checkAccessibility(window);

  await window.getByRole('switch', { name: /Log axis/ }).click();
  await expect(window).toHaveURL(/log=true/);

  await window.getByRole('button', { name: 'Write' }).click();
  await window.getByLabel('Note', { exact: true }).last().fill('<b>first</b> try');
  await window.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(window.getByText('<b>first</b> try')).toBeVisible();

  await window.getByRole('button', { name: 'Report', exact: true }).click();
  const coming = window.waitForEvent('download');
  await window
    .getByRole('dialog', { name: 'Make a report' })
    .getByRole('button', { name: 'Make the report' })
    .click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('poisoned-0.html');
  const page = await readFile(await file.path(), 'utf8');
  expect(page).toContain('<h1>poisoned-0</h1>');
  expect(page).toContain('ccw run');
  expect(page).not.toMatch(/<script|<link|src=|href=|@import/);

  await window.getByRole('button', { name: 'More for poisoned-0' }).click();
  await window.getByRole('menuitem', { name: 'Rename' }).click();
  await window.getByRole('dialog').getByRole('textbox').fill('first model');
  await window.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'first model' })).toBeVisible();
});

test('a clone is edited, started, watched, stopped and resumed', async ({ window }) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  await window.getByRole('button', { name: 'More for poisoned-0' }).click();
  await window.getByRole('menuitem', { name: 'Clone and edit' }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'Clone of poisoned-0' })).toBeVisible();
  await expect(window.getByLabel('Batch size')).toHaveValue('8');
  await expect(window.getByRole('region', { name: 'Estimated time and memory' })).toContainText(
    'Training pairs',
  );
  await checkAccessibility(window);

  await window.getByLabel('Epochs').fill('0');
  await expect(window.getByText('At least 1.')).toBeVisible();
  await window.getByLabel('Epochs').fill('400');
  await window.getByLabel('Name').fill('long one');
  await window.getByLabel('Seed').fill('5');
  await expect(window).toHaveURL(/epochs=400/);
  await window.getByRole('button', { name: 'Start', exact: true }).click();

  await expect(window.getByRole('heading', { level: 1, name: 'long one' })).toBeVisible();
  await expect(window.getByRole('progressbar', { name: 'Progress of long one' })).toBeVisible({
    timeout: 60_000,
  });
  await expect(window.getByRole('img', { name: 'Loss of long one by step' })).toBeVisible({
    timeout: 60_000,
  });
  await window.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(window.getByRole('button', { name: 'Resume' })).toBeVisible({ timeout: 60_000 });
  await window.reload();
  await window.getByRole('button', { name: 'Resume' }).click();
  await expect(window.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled({ timeout: 60_000 });
  await window.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(window.getByRole('button', { name: 'Resume' })).toBeVisible({ timeout: 60_000 });
});

test('a name that is being typed stays while another window changes runs', async ({
  window,
  openAnother,
}) => {
  await window.goto(new URL('/runs/new', window.url()).href);
  const name = window.getByLabel('Name');
  await name.pressSequentially('not done yet');
  const readAgain = window.waitForResponse((response) => response.url().endsWith('/models/list'));
  const other = await openAnother();
  await other.goto(new URL('/runs', window.url()).href);
  await other.getByRole('button', { name: 'More for control' }).click();
  await other.getByRole('menuitem', { name: 'Archive' }).click();
  await (await readAgain).finished();
  // The page draws in the frame after the answer.
  await window.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
  await expect(name).toHaveValue('not done yet');
});

test('runs as a table: filtered, grouped with means, folded open, chosen with Shift, kept in the address', async ({
  window,
}) => {
  await window.goto(new URL('/runs?view=table', window.url()).href);
  const table = window.getByRole('table', { name: 'Runs with settings and results' });
  await expect(window.locator('[data-table-count]')).toHaveText('4 runs');
  await checkAccessibility(window, 'run table');
  const filter = window.getByLabel('Filter');
  await filter.fill('lamda > 1');
  await expect(window.getByText(/There is no column 'lamda'/)).toBeVisible();
  await filter.fill('method:mmcl');
  await expect(window.locator('[data-table-count]')).toHaveText('3 runs');
  await expect(window).toHaveURL(/f=method%3Ammcl/);

  await window.getByRole('button', { name: 'ASR, %', exact: true }).click();
  await expect(table.getByRole('columnheader', { name: /ASR/ })).toHaveAttribute('aria-sort', 'ascending');
  const boxes = table.getByRole('checkbox');
  await boxes.nth(0).click();
  await boxes.nth(2).click({ modifiers: ['Shift'] });
  await expect(window.getByText('3 selected')).toBeVisible();
  await window.getByRole('button', { name: 'Add tag' }).click();
  await window.getByRole('textbox', { name: 'Tag' }).fill('paper');
  await window.getByRole('dialog').getByRole('button', { name: 'Add tag' }).click();
  await filter.fill('tag:paper');
  await expect(window.locator('[data-table-count]')).toHaveText('3 runs');

  await window.getByLabel('Group by').selectOption('role');
  const group = window.getByRole('button', { name: /Role poisoned \(2\)/ });
  await expect(table.getByRole('row', { name: /Role poisoned/ })).toContainText(/\d \[\d/);
  await group.click();
  await expect(table.getByRole('link', { name: 'poisoned-1' })).toBeVisible();
  await window.reload();
  await expect(group).toBeVisible();
  const coming = window.waitForEvent('download');
  await window.getByRole('button', { name: 'Export' }).click();
  await window.getByRole('menuitem', { name: 'CSV' }).click();
  expect((await coming).suggestedFilename()).toBe('runs.csv');
});

test('columns of the run table are pinned, moved, hidden and widened; the view is kept under a name and copied', async ({
  window,
}) => {
  await window.goto(new URL('/runs?view=table&f=method:mmcl', window.url()).href);
  const heads = window.getByRole('columnheader');
  await expect(heads.nth(1)).toHaveText('Run');
  await window.getByRole('button', { name: 'Columns', exact: true }).click();
  const columns = window.getByRole('dialog', { name: 'Columns' });
  await columns.getByLabel('Add a column').selectOption('targetWithoutTrigger');
  await columns.getByRole('button', { name: 'Pin ASR', exact: true }).click();
  await columns.getByRole('button', { name: 'Move CA to the left', exact: true }).click();
  await columns.getByRole('button', { name: 'Hide Seed', exact: true }).click();
  await checkAccessibility(window, 'columns of the run table');
  await columns.getByRole('button', { name: 'Close', exact: true }).last().click();
  await expect(heads).toHaveText(
    [
      'Selected',
      'Run',
      'ASR, %',
      'State',
      'Method',
      'Lambda',
      'Dataset',
      'Trigger',
      'Poisons',
      'CA, %',
    ].concat(['Poisoned accuracy, %', 'Target without the trigger, %']),
  );
  await expect(heads.nth(2)).toHaveCSS('position', 'sticky');

  const before = await heads.nth(3).boundingBox();
  if (before === null) throw new Error('The head of the state is shown.');
  const [edge, middle] = [before.x + before.width - 2, before.y + before.height / 2];
  await window.mouse.move(edge, middle);
  await window.mouse.down();
  await window.mouse.move(edge + 60, middle, { steps: 3 });
  await window.mouse.up();
  await expect(window).toHaveURL(/state%3A15\d/);
  const after = await heads.nth(3).boundingBox();
  expect(Math.abs((after?.width ?? 0) - before.width - 60)).toBeLessThanOrEqual(2);

  await window.getByRole('button', { name: 'Views' }).click();
  await window.getByRole('menuitem', { name: 'Save this view' }).click();
  await window.getByRole('dialog').getByRole('textbox').fill('trained from scratch');
  await window.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
  await window.goto(new URL('/runs?view=table', window.url()).href);
  await expect(window.locator('[data-table-count]')).toHaveText('4 runs');
  await window.getByRole('button', { name: 'Views' }).click();
  await window.getByRole('menuitem', { name: 'trained from scratch' }).click();
  await expect(window.locator('[data-table-count]')).toHaveText('3 runs');
  await expect(heads.nth(2)).toHaveText('ASR, %');

  await window.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await window.getByRole('button', { name: 'Export' }).click();
  await window.getByRole('menuitem', { name: 'Copy' }).click();
  await expect(window.getByText('Copied the table.')).toBeVisible();
  const lines = (await window.evaluate(() => navigator.clipboard.readText())).trimEnd().split('\n');
  expect(lines.map((line) => line.split('\t')[0])).toEqual(['Run', 'poisoned-0', 'poisoned-1', 'control']);
  expect(lines[0]).toMatch(/^Run\tASR, %\t/);

  await window.getByRole('button', { name: 'Views' }).click();
  await window.getByRole('menuitem', { name: 'Save this view' }).click();
  await window.getByRole('button', { name: 'Remove trained from scratch' }).click();
  await window.getByRole('button', { name: 'Cancel' }).click();
  await window.getByRole('button', { name: 'Views' }).click();
  await expect(window.getByRole('menuitem')).toHaveText(['Save this view']);
});
