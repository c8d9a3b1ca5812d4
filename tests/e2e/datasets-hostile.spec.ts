import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { writeRecords } from './support/hostile-records.ts';
import { expect, test } from './support/start-host.ts';

const hostile = {
  html: '<img src=x onerror="globalThis.hostile=1"><b>bold</b>',
  script: '</title><script>globalThis.hostile=1</script>',
  bidi: 'left \u202eright-to-left override\u2066 isolate \u2069 end',
  long: 'W'.repeat(10_000),
  emoji: '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(200),
  lines: 'first line\nsecond line\r\n\tthird',
};

/** A folder name that a file system takes: as hostile as it may be. */
const fileName = '<svg onload=globalThis.hostile=1>\u202egnp.exe 👾.png';

async function expectNoOverflow(window: Page): Promise<void> {
  const overflow = await window.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = [...document.querySelectorAll('main, main section, main aside, [role=dialog]')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return { page: scrollWidth - clientWidth, wide: wide.map(({ outerHTML }) => outerHTML.slice(0, 80)) };
  });
  expect(overflow).toEqual({ page: 0, wide: [] });
}

const sizes = (cells: Locator) =>
  cells.evaluateAll((all) => [
    ...new Set(
      all.map((cell) => {
        const { width, height } = cell.getBoundingClientRect();
        return `${Math.round(width)} x ${Math.round(height)}`;
      }),
    ),
  ]);

test('hostile captions, classes, file names and names of datasets are text, and the layout holds', async ({
  window,
  workspace,
}) => {
  const folder = join(workspace, 'hostile');
  await mkdir(folder);
  const csv = await writeRecords(folder, Object.values(hostile), fileName);
  await writeFile(join(folder, 'notes.txt'), '');
  const dialogs: string[] = [];
  window.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const name = `${hostile.script} ${'W'.repeat(140)}`;

  await window.getByRole('link', { name: 'Datasets' }).click();
  await window.getByRole('link', { name: 'Import data' }).first().click();
  const dialog = window.getByRole('dialog', { name: 'Import data' });
  await dialog.getByLabel('Path of the file or folder').fill(csv);
  await window.keyboard.press('Enter');
  await expect(dialog.getByRole('row', { name: /globalThis/ }).first()).toBeVisible();
  await expect(dialog.getByRole('region', { name: 'Rows left out' })).toContainText('<i>none</i>.png');
  await dialog.getByLabel('Name of the dataset').fill(name);
  await expectNoOverflow(window);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(window.getByRole('region', { name: 'Notices' })).toContainText('7 records; 1 left out');
  await window.getByRole('button', { name: 'Jobs' }).click();
  await expect(window.getByRole('listitem').filter({ hasText: '</title><script>' })).toBeVisible();
  await expectNoOverflow(window);
  await window.keyboard.press('Escape');
  await window.getByRole('table', { name: 'Datasets' }).getByRole('link').first().click();

  await expect(window.getByRole('heading', { level: 1 })).toHaveText(name);
  const grid = window.getByRole('grid', { name: 'Records' });
  const cells = grid.getByRole('gridcell');
  await expect(cells).toHaveCount(7);
  await expect(cells.nth(0).locator('bdi')).toHaveText(hostile.html);
  await expect(cells.nth(3).locator('bdi')).toHaveText(hostile.long);
  expect(await sizes(cells)).toHaveLength(1);
  // The class is as hostile as the caption.
  const facets = window.getByRole('region', { name: 'Facets' });
  await expect(facets.getByRole('region', { name: 'Class' }).getByRole('button')).toHaveCount(7);
  await expect(facets.getByText(hostile.html)).toBeVisible();
  await expectNoOverflow(window);

  for (const index of [0, 1, 2, 3, 4, 5, 6]) {
    await cells.nth(index).click();
    const sample = window.getByRole('complementary', { name: 'Sample' });
    await expect(sample.getByRole('img').first()).toBeVisible();
    await expectNoOverflow(window);
  }
  await expect(window.getByRole('complementary', { name: 'Sample' })).toContainText('gnp.exe');
  await window.getByRole('button', { name: 'Table', exact: true }).click();
  await expect(cells).toHaveCount(7);
  expect(await sizes(cells)).toHaveLength(1);
  await expectNoOverflow(window);

  await grid.focus();
  await window.keyboard.press('ControlOrMeta+a');
  const bar = window.getByRole('form', { name: 'Selected records' });
  await bar.getByRole('combobox', { name: 'Tag' }).fill('<u>tag</u>');
  await bar.getByRole('button', { name: 'Add tag' }).click();
  await expect(facets.getByRole('region', { name: 'Tag' }).getByText('<u>tag</u>')).toBeVisible();
  await grid.focus();
  await window.keyboard.press('Escape');
  // What is typed is quoted for the search.
  const search = window.getByRole('searchbox', { name: 'Search in captions' });
  for (const text of ['" OR caption:*', "'); DROP TABLE records; --", '<img src=x onerror', '* NEAR( ^']) {
    await search.fill(text);
    await expect(window.getByRole('status').filter({ hasText: / of 7$/ })).toBeVisible();
  }
  await window.getByRole('button', { name: 'Views' }).click();
  await window.getByRole('textbox', { name: 'Name of the view' }).fill(hostile.html);
  await window.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(
    window.getByRole('dialog').getByRole('button', { name: hostile.html, exact: false }).first(),
  ).toBeVisible();
  await expectNoOverflow(window);
  expect(dialogs).toEqual([]);
  expect(await window.evaluate(() => 'hostile' in globalThis)).toBe(false);
});
