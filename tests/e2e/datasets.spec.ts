import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/browsed-test.ts';
import { checkAccessibility } from './support/check-accessibility.ts';
import { colours, writeColour } from './support/picture-folder.ts';

/** The dataset `colours`: for each of red, green and blue 12 pictures in train and 4 in test. */
async function openColours(window: Page) {
  await window.getByRole('link', { name: 'Datasets' }).click();
  await window.getByRole('table', { name: 'Datasets' }).getByRole('link', { name: 'colours' }).click();
  const facet = (title: string) =>
    window.getByRole('region', { name: 'Facets' }).getByRole('region', { name: title });
  const grid = window.getByRole('grid', { name: 'Records' });
  await expect(grid.getByRole('img').first()).toBeVisible();
  return {
    grid,
    search: window.getByRole('searchbox', { name: 'Search in captions' }),
    found: window.getByRole('status').filter({ hasText: /records|of 48/ }),
    bar: window.getByRole('form', { name: 'Selected records' }),
    value: (title: string, value: string) =>
      facet(title).getByRole('button', { name: new RegExp(`^${value} `) }),
    counts: (title: string) => facet(title).getByRole('button'),
  };
}

test('search and facets narrow each other, and a reload and back keep the view', async ({ window }) => {
  const { search, found, value, counts } = await openColours(window);
  await expect(found).toHaveText('48 records');
  await expect(counts('Split')).toHaveText([/train\s*36/, /test\s*12/]);
  await expect(counts('Class')).toHaveText([/blue\s*16/, /green\s*16/, /red\s*16/]);
  await expect(counts('Picture')).toHaveText([/as imported\s*48/]);
  await checkAccessibility(window);

  await search.fill('green');
  await expect(found).toHaveText('16 of 48');
  await expect(counts('Split')).toHaveText([/train\s*12/, /test\s*4/]);
  await expect(counts('Class')).toHaveText([/green\s*16/]);
  await value('Split', 'test').click();
  await expect(found).toHaveText('4 of 48');
  // A facet is counted without what it asks itself.
  await expect(counts('Split')).toHaveText([/train\s*12/, /test\s*4/]);
  await expect(window).toHaveURL(/q=green.*split=test/);
  await window.reload();
  await expect(found).toHaveText('4 of 48');
  await expect(search).toHaveValue('green');
  await window.getByRole('button', { name: 'Table', exact: true }).click();
  await search.fill('purple');
  await expect(window.getByText('Nothing matches')).toBeVisible();
  await window.getByRole('button', { name: 'Show all records' }).click();
  await expect(found).toHaveText('48 records');
  await window.goBack();
  await expect(window.getByText('Nothing matches')).toBeVisible();
  await window.goForward();
  await value('Class', 'red').click();
  await value('Class', 'blue').click();
  await expect(found).toHaveText('32 of 48');
  await expect(window.getByRole('button', { name: 'Table', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('the records of a dataset are asked for when the pointer stands on its link, and once', async ({
  window,
}) => {
  let asked = 0;
  window.on('request', (request) => {
    if (request.url().endsWith('/datasets/page') && request.postData()?.includes('"limit":100')) asked += 1;
  });
  await window.getByRole('link', { name: 'Datasets' }).click();
  const link = window.getByRole('table', { name: 'Datasets' }).getByRole('link', { name: 'colours' });
  await link.hover();
  await expect.poll(() => asked).toBe(1);
  await expect(window).toHaveURL(/\/datasets$/);
  await link.click();
  await expect(window.getByRole('grid', { name: 'Records' }).getByRole('img').first()).toBeVisible();
  expect(asked).toBe(1);
});

test('records are chosen by keys, tagged, untagged by undo, and exported', async ({ window, pictures }) => {
  const { grid, bar, value, counts, found } = await openColours(window);
  await grid.focus();
  await window.keyboard.press('Home');
  await window.keyboard.press('Space');
  await window.keyboard.press('Shift+ArrowRight');
  await window.keyboard.press('Shift+ArrowRight');
  await window.keyboard.press('Shift+ArrowRight');
  await window.keyboard.press('Shift+ArrowLeft');
  await expect(bar).toContainText('3 selected');
  await bar.getByRole('combobox', { name: 'Tag' }).fill('odd');
  await bar.getByRole('button', { name: 'Add tag' }).click();
  await expect(counts('Tag')).toHaveText([/odd\s*3/]);
  await checkAccessibility(window);

  // Two more, of five chosen: undo takes the tag off those two alone.
  await grid.focus();
  await window.keyboard.press('Shift+ArrowRight');
  await window.keyboard.press('Shift+ArrowRight');
  await window.keyboard.press('Shift+ArrowRight');
  await expect(bar).toContainText('6 selected');
  await window.keyboard.press('Shift+ArrowLeft');
  await expect(bar).toContainText('5 selected');
  await bar.getByRole('combobox', { name: 'Tag' }).fill('odd');
  await bar.getByRole('button', { name: 'Add tag' }).click();
  await expect(window.getByText('Added tag “odd” to 2 records.')).toBeVisible();
  await expect(counts('Tag')).toHaveText([/odd\s*5/]);
  await window.getByRole('button', { name: 'Undo' }).last().click();
  await expect(counts('Tag')).toHaveText([/odd\s*3/]);

  const [chosen] = await Promise.all([
    window.waitForEvent('download'),
    bar.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  const lines = (await readFile(await chosen.path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(6);
  expect(lines.slice(0, 2)).toEqual([
    'image,caption,label,split',
    `${join(pictures, 'colours', 'test/blue/blue-0.png')},a photo of a blue.,blue,test`,
  ]);
  await grid.focus();
  await window.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);

  await value('Tag', 'odd').click();
  await expect(found).toHaveText('3 of 48');
  await grid.focus();
  await window.keyboard.press('ControlOrMeta+a');
  await expect(bar).toContainText('3 selected');
  await bar.getByRole('combobox', { name: 'Tag' }).fill('odd');
  await bar.getByRole('button', { name: 'Remove tag' }).click();
  await expect(window.getByText('Nothing matches')).toBeVisible();
});

test('a sample is shown with tokens, hashes and the model’s view; keys lead to its neighbours', async ({
  window,
}) => {
  const { grid } = await openColours(window);
  await grid.focus();
  await window.keyboard.press('Home');
  await window.keyboard.press('Enter');
  const sample = window.getByRole('complementary', { name: 'Sample' });
  await expect(sample).toContainText('32 × 32 px');
  await expect(sample).toContainText('test/blue/blue-0.png');
  // The tokens of CLIP's vocabulary, with begin and end.
  await expect(sample.getByRole('listitem')).toHaveText([
    '<|startoftext|>',
    'a',
    'photo',
    'of',
    'a',
    'blue',
    '.',
    '<|endoftext|>',
  ]);
  await expect(sample.getByText(/^[0-9a-f]{64}$/)).toBeVisible();
  await expect(sample.getByRole('img', { name: /at 224 pixels a side/ })).toBeVisible();
  await sample.getByRole('combobox', { name: 'Resolution of the model' }).selectOption('32');
  await expect(sample.getByRole('img', { name: /at 32 pixels a side/ })).toBeVisible();
  await checkAccessibility(window);
  await grid.focus();
  await window.keyboard.press('ArrowRight');
  await expect(sample).toContainText('test/blue/blue-1.png');
  await window.reload();
  await expect(sample).toContainText('test/blue/blue-1.png');
  await sample.getByRole('button', { name: 'Next record' }).click();
  await expect(sample).toContainText('test/blue/blue-2.png');
  await window.keyboard.press('ArrowLeft');
  await expect(sample).toContainText('test/blue/blue-1.png');
  await grid.focus();
  await window.keyboard.press('End');
  await expect(sample).toContainText('train/red/red-9.png');
  await sample.getByRole('button', { name: 'Close the sample' }).click();
  await expect(sample).toHaveCount(0);
});

test('views are kept, renamed, opened and deleted', async ({ window }) => {
  const { value, found } = await openColours(window);
  await value('Class', 'red').click();
  await window.getByRole('button', { name: 'Views' }).click();
  const dialog = window.getByRole('dialog', { name: 'Saved views' });
  await dialog.getByRole('textbox', { name: 'Name of the view' }).fill('red ones');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.getByRole('button', { name: 'Rename the view red ones' }).click();
  await dialog.getByRole('textbox', { name: 'New name of the view' }).fill('only red');
  await dialog.getByRole('button', { name: 'Rename', exact: true }).click();
  await window.keyboard.press('Escape');
  await value('Class', 'red').click();
  await expect(found).toHaveText('48 records');
  await window.getByRole('button', { name: 'Views' }).click();
  await checkAccessibility(window);
  await dialog.getByRole('button', { name: /^only red/ }).click();
  await expect(found).toHaveText('16 of 48');
  await window.getByRole('button', { name: 'Views' }).click();
  await dialog.getByRole('button', { name: 'Delete the view only red' }).click();
  await expect(dialog.getByText('None yet.')).toBeVisible();
});

test('a check finds a missing and a changed picture; a dataset that nothing uses can be deleted', async ({
  window,
  pictures,
}) => {
  const { counts, value, found, grid } = await openColours(window);
  await rm(join(pictures, 'colours', 'train', 'red', 'red-0.png'));
  await writeColour(join(pictures, 'colours', 'train', 'red', 'red-1.png'), colours.blue, 0);
  await window.getByRole('button', { name: 'More' }).click();
  await window.getByRole('menuitem', { name: /Check the pictures/ }).click();
  await expect(counts('Picture')).toHaveText([
    /as imported\s*46/,
    /picture changed\s*1/,
    /picture missing\s*1/,
  ]);
  await value('Picture', 'picture missing').click();
  await expect(found).toHaveText('1 of 48');
  await expect(grid.getByText('picture missing')).toBeVisible();
  await window.getByRole('button', { name: 'More' }).click();
  await window.getByRole('menuitem', { name: 'Delete the dataset' }).click();
  await window
    .getByRole('dialog', { name: 'Delete this dataset?' })
    .getByRole('button', { name: 'Delete' })
    .click();
  await expect(window.getByText('No datasets yet')).toBeVisible();
});
