import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { checkAccessibility } from './support/check-accessibility.ts';
import { colours, writeColour } from './support/picture-folder.ts';
import { expect, test } from './support/start-host.ts';

async function picture(path: string, rgb: readonly [number, number, number], shade = 0) {
  await mkdir(dirname(path), { recursive: true });
  await writeColour(path, rgb, shade);
}

/** A dry run of a path in the window, then its import. */
async function openImport(window: Page, path: string) {
  await window.getByRole('link', { name: 'Datasets' }).click();
  await window.getByRole('link', { name: 'Import data' }).first().click();
  const dialog = window.getByRole('dialog', { name: 'Import data' });
  await dialog.getByLabel('Path of the file or folder').fill(path);
  await window.keyboard.press('Enter');
  return {
    dialog,
    rows: dialog.getByRole('region', { name: 'First rows, table' }).getByRole('row'),
    async importAs(name: string) {
      await dialog.getByLabel('Name of the dataset').fill(name);
      await dialog.getByRole('button', { name: 'Import', exact: true }).click();
      const datasets = window.getByRole('table', { name: 'Datasets' });
      await expect(datasets.getByRole('link', { name, exact: true })).toBeVisible();
    },
  };
}

async function choose(window: Page, item: string) {
  await window.getByRole('main').getByRole('button', { name: 'More', exact: true }).click();
  await window.getByRole('menuitem', { name: item }).click();
}

test('COCO, img2dataset, class folders by id and a table: each is recognised, shown and imported; where two readings are plausible it asks', async ({
  window,
  workspace,
}) => {
  const at = (...parts: string[]) => join(workspace, 'data', ...parts);
  for (const shade of [0, 9]) await picture(at('coco', 'val2017', `00${shade}.png`), colours.red, shade);
  const coco = {
    images: [0, 9].map((id) => ({ id, file_name: `00${id}.png` })),
    annotations: [0, 0, 9].map((image_id, id) => ({ id, image_id, caption: `caption ${id} of ${image_id}` })),
  };
  await mkdir(at('coco', 'annotations'));
  await writeFile(at('coco', 'annotations', 'captions_val2017.json'), JSON.stringify(coco));
  let layout = await openImport(window, at('coco', 'annotations', 'captions_val2017.json'));
  await expect(layout.rows).toHaveCount(4);
  await expect(layout.rows.nth(2)).toContainText('caption 1 of 0');
  await layout.importAs('coco');

  for (const number of [0, 1]) {
    await picture(at('shards', '00000', `00000000${number}.png`), colours.green, number);
    await writeFile(at('shards', '00000', `00000000${number}.txt`), `real caption ${number}`);
  }
  layout = await openImport(window, at('shards'));
  await expect(layout.rows.nth(1)).toContainText('real caption 0');
  await layout.importAs('shards');

  await picture(at('inet', 'train', 'n01440764', 'a.png'), colours.red);
  await picture(at('inet', 'val', 'n01440764', 'b.png'), colours.blue);
  await picture(at('inet', 'train', '001.Black_footed_Albatross', 'c.png'), colours.green);
  layout = await openImport(window, at('inet'));
  await expect(layout.dialog.getByRole('list', { name: 'What was found' })).toContainText('look like ids');
  await layout.dialog.getByText('Prompts and class names').click();
  await layout.dialog.getByLabel('Take numbers and underscores out of class names').check();
  await expect(layout.rows.filter({ hasText: 'a photo of a Black footed Albatross.' })).toHaveCount(1);
  await layout.importAs('inet');

  await picture(at('columns', 'a.png'), colours.red, 4);
  await writeFile(at('columns', 'pairs.csv'), 'image,caption_1,caption_2\na.png,one,two\n');
  layout = await openImport(window, at('columns', 'pairs.csv'));
  await expect(layout.rows).toHaveCount(3);
  await layout.importAs('columns');
  await window
    .getByRole('table', { name: 'Datasets' })
    .getByRole('link', { name: 'columns', exact: true })
    .click();
  await expect(window.getByText('2 records', { exact: true })).toBeVisible();

  // train/ beside folders that are none: splits, or a class that is called train?
  for (const place of ['train/cat', 'birds', 'fish'])
    await picture(at('mixed', place, 'a.png'), colours.blue, place.length);
  layout = await openImport(window, at('mixed'));
  const question = layout.dialog.getByLabel('This can be read in several ways: choose one');
  await expect(question).toBeVisible();
  await expect(layout.dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await question.selectOption('class-folders');
  await expect(layout.rows.filter({ hasText: 'birds' })).toHaveCount(1);
  await layout.importAs('mixed');
});

test('duplicates are shown side by side and left out, classes get names with their prompts, the source is read again, and the dataset is exported', async ({
  window,
  workspace,
}) => {
  const at = (...parts: string[]) => join(workspace, 'data', ...parts);
  await picture(at('set', 'train', 'n01440764', 'a.png'), colours.red);
  await picture(at('set', 'train', 'n07753592', 'b.png'), colours.green);
  await mkdir(at('set', 'test', 'n01440764'), { recursive: true });
  await copyFile(at('set', 'train', 'n01440764', 'a.png'), at('set', 'test', 'n01440764', 'copy.png'));
  await (await openImport(window, at('set'))).importAs('set');
  await window
    .getByRole('table', { name: 'Datasets' })
    .getByRole('link', { name: 'set', exact: true })
    .click();
  await expect(window.getByText('3 records', { exact: true })).toBeVisible();

  await choose(window, 'Find duplicates');
  const duplicates = window.getByRole('dialog', { name: 'Duplicates' });
  const group = duplicates.getByRole('list', { name: 'Groups of duplicates' }).getByRole('listitem');
  await expect(group).toHaveCount(1);
  await expect(group).toContainText('Same pixels, across splits');
  await expect(group.getByRole('img')).toHaveCount(2);
  await checkAccessibility(window);
  await duplicates.getByLabel('Name of the new dataset').fill('once');
  await duplicates.getByRole('button', { name: 'Make the dataset' }).click();
  await expect(window.getByRole('region', { name: 'Notices' })).toContainText('2 records');

  await choose(window, 'Rename classes');
  const classes = window.getByRole('dialog', { name: 'Rename classes' });
  await classes.getByLabel('New name of n01440764').fill('tench');
  await expect(classes.getByRole('row', { name: /n01440764/ })).toContainText('a photo of a tench.');
  await checkAccessibility(window);
  await classes.getByRole('button', { name: 'Rename 1 class' }).click();
  const byClass = window.getByRole('region', { name: 'Facets' }).getByRole('region', { name: 'Class' });
  await expect(byClass.getByRole('button', { name: /tench\s*2/ })).toBeVisible();

  await picture(at('set', 'train', 'n07753592', 'new.png'), colours.blue);
  await rm(at('set', 'train', 'n07753592', 'b.png'));
  await choose(window, 'Read the source again');
  await expect(window.getByText('4 records', { exact: true })).toBeVisible();
  await expect(byClass.getByRole('button', { name: /n07753592\s*2/ })).toBeVisible();

  await choose(window, 'Export with pictures');
  const exported = window.getByRole('dialog', { name: 'Export set' });
  await exported.getByText('WebDataset', { exact: true }).click();
  await exported.getByLabel('Folder').fill(at('out'));
  await exported.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(exported).toBeHidden();
});
