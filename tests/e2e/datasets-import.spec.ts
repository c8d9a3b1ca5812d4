import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { checkAccessibility } from './support/check-accessibility.ts';
import { colours, makePictureFolder, writeColour } from './support/picture-folder.ts';
import { expect, test } from './support/start-host.ts';

async function openImport(window: Page) {
  await window.getByRole('link', { name: 'Datasets' }).click();
  await window.getByRole('link', { name: 'Import data' }).first().click();
  const dialog = window.getByRole('dialog', { name: 'Import data' });
  const path = dialog.getByLabel('Path of the file or folder');
  return {
    dialog,
    path,
    start: dialog.getByRole('button', { name: 'Import', exact: true }),
    async look(text: string) {
      await path.fill(text);
      await window.keyboard.press('Enter');
    },
  };
}

test('a folder is imported after a dry run, and what it left out is told with the reasons', async ({
  window,
  workspace,
}) => {
  const folder = await makePictureFolder(workspace);
  const { dialog, look, start } = await openImport(window);
  await look(folder);
  const rows = dialog.getByRole('region', { name: 'First rows, table' }).getByRole('row');
  // A head and the 30 rows that a dry run shows.
  await expect(rows).toHaveCount(31);
  await expect(dialog.getByText('all 49 files looked at')).toBeVisible();
  await expect(dialog.getByRole('region', { name: 'Rows left out' })).toContainText('train/red/broken.png');
  await checkAccessibility(window);
  await start.click();

  await expect(window.getByRole('region', { name: 'Notices' })).toContainText('48 records; 1 left out');
  await window.getByRole('button', { name: 'Jobs' }).click();
  await expect(window.getByRole('listitem').filter({ hasText: 'Import colours' })).toContainText(
    '1 left out',
  );
  await window.keyboard.press('Escape');
  await window.getByRole('table', { name: 'Datasets' }).getByRole('link', { name: 'colours' }).click();
  await expect(window.getByRole('heading', { name: 'colours', level: 1 })).toBeVisible();
  await expect(window.getByText('48 records', { exact: true })).toBeVisible();
  await expect(window.getByRole('grid', { name: 'Records' }).getByRole('img').first()).toBeVisible();
  await window.getByRole('button', { name: '1 left out' }).click();
  await expect(window.getByRole('region', { name: 'Rows left out' })).toContainText('cannot be decoded');
  await checkAccessibility(window);
});

test('a CSV file with unusual columns is mapped by hand, bad rows are left out, and its pictures are looked at later', async ({
  window,
  workspace,
}) => {
  await mkdir(join(workspace, 'files'));
  for (const index of [0, 1, 2])
    await writeColour(join(workspace, 'files', `${index}.png`), colours.red, index);
  const csv = join(workspace, 'files', 'bilder.csv');
  await writeFile(
    csv,
    'bild,satz,art,menge\n0.png,"one, two",warm,val\n1.png,second,cold,train\n2.png,third,cold,weird\nnone.png,gone,cold,train\nshort\n',
  );
  const { dialog, look, start } = await openImport(window);
  // As it is pasted from a file manager.
  await look(`"${csv}"`);
  await expect(dialog.getByRole('alert')).toContainText('Name the column of the paths of the pictures');
  await expect(start).toBeDisabled();
  await dialog.getByLabel('Picture path').selectOption('bild');
  await dialog.getByLabel('Caption', { exact: true }).selectOption('satz');
  await dialog.getByLabel('Class', { exact: true }).selectOption('art');
  await dialog.getByLabel('Split').selectOption('menge');
  const leftOut = dialog.getByRole('region', { name: 'Rows left out' });
  await expect(leftOut).toContainText("row 4 has the unknown split 'weird'");
  await expect(leftOut).toContainText('row 5 There is no picture at');
  await expect(leftOut).toContainText('row 6 has 1 column where the header has 4');
  await expect(dialog.getByRole('row', { name: /one, two/ })).toContainText('validation');
  await dialog.getByLabel('Name of the dataset').fill('Bilder');
  await dialog.getByText('Do not look at the pictures now').click();
  await expect(dialog).toContainText('their sizes, hashes and duplicates are not known until you check');
  await start.click();
  const listed = window.getByRole('table', { name: 'Datasets' }).getByRole('row', { name: /Bilder/ });
  await expect(listed).toContainText('Pictures not looked at');
  await listed.getByRole('link', { name: 'Bilder' }).click();
  const facets = window.getByRole('region', { name: 'Facets' });
  await expect(facets.getByRole('region', { name: 'Class' }).getByRole('button')).toHaveText([
    /cold\s*1/,
    /warm\s*1/,
  ]);
  await expect(facets.getByRole('region', { name: 'Split' }).getByRole('button')).toHaveText([
    /train\s*1/,
    /validation\s*1/,
  ]);
  await expect(window.getByRole('button', { name: '3 left out' })).toBeVisible();
  const notLookedAt = window.getByRole('button', { name: 'Pictures not looked at' });
  await checkAccessibility(window);
  await notLookedAt.click();
  await expect(notLookedAt).toHaveCount(0);
  await window.getByRole('grid', { name: 'Records' }).getByRole('gridcell').first().dblclick();
  await expect(window.getByRole('complementary', { name: 'Sample' })).toContainText('32 × 32 px');
});

test('what cannot be imported is said clearly, and cancelling leaves nothing', async ({
  window,
  workspace,
}) => {
  await mkdir(join(workspace, 'flat'));
  await writeColour(join(workspace, 'flat', '0.png'), colours.blue, 0);
  await mkdir(join(workspace, 'empty'));
  const file = async (name: string, text: string) => {
    await writeFile(join(workspace, name), text);
    return join(workspace, name);
  };
  const { dialog, look, start } = await openImport(window);
  const said: [string, RegExp][] = [
    ['pictures/cats', /not an absolute path/],
    [join(workspace, 'none.csv'), /There is no file or folder .*none\.csv/],
    [join(workspace, 'empty'), /Nothing in .*empty could be imported/],
    [join(workspace, 'flat'), /put the pictures of each class into a folder/],
    [join(workspace, 'flat', '0.png'), /is in no format that is read/],
    [await file('twice.csv', 'image,caption,caption\n1,2,3\n'), /two columns named 'caption'/],
    [await file('semicolons.csv', 'image;caption\n1;2\n'), /Nothing in it could be imported/],
  ];
  for (const [path, message] of said) {
    await look(path);
    await expect(dialog.getByRole('alert')).toContainText(message);
    await expect(start).toBeDisabled();
  }
  await expect(dialog).toContainText('There is no picture at');
  const good = await file('good.csv', 'image,caption\nflat/0.png,blue\n');
  await look(good);
  await expect(start).toBeEnabled();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(window.getByText('No datasets yet')).toBeVisible();

  // What is mended is seen when one looks again.
  const again = await openImport(window);
  await again.look(good);
  await expect(again.start).toBeEnabled();
  await rm(join(workspace, 'flat', '0.png'));
  await again.look(good);
  await expect(again.dialog.getByRole('alert')).toContainText('Nothing in it could be imported');
});

test('a file that is dropped without a path asks for it; a dropped path is taken', async ({
  window,
  workspace,
}) => {
  const folder = await makePictureFolder(workspace);
  const { dialog, path } = await openImport(window);
  const drop = async (what: { file?: string; text?: string }) => {
    const transfer = await window.evaluateHandle(({ file, text }) => {
      const data = new DataTransfer();
      if (file !== undefined) data.items.add(new File(['x'], file));
      if (text !== undefined) data.setData('text/uri-list', text);
      return data;
    }, what);
    await dialog
      .getByRole('group', { name: 'Import settings' })
      .dispatchEvent('drop', { dataTransfer: transfer });
  };
  await drop({ file: 'pairs.csv' });
  await expect(dialog.getByText(/does not reveal the path of “pairs.csv”/)).toBeVisible();
  await drop({ text: `file://${folder}` });
  await expect(path).toHaveValue(folder);
  await expect(dialog.getByText('all 49 files looked at')).toBeVisible();
});

test('a folder is found by browsing, and each of its classes gives a fifth to the test split', async ({
  window,
  workspace,
}) => {
  const folder = join(workspace, 'pets');
  for (const [name, rgb] of Object.entries(colours)) {
    await mkdir(join(folder, name), { recursive: true });
    for (let index = 0; index < 10; index += 1)
      await writeColour(join(folder, name, `${index}.png`), rgb, index);
  }
  const { dialog, path, start } = await openImport(window);
  await dialog.getByRole('button', { name: 'Choose a folder' }).click();
  const browser = window.getByRole('dialog', { name: 'Choose a folder' });
  await browser.getByLabel('Folder', { exact: true }).fill(workspace);
  await window.keyboard.press('Enter');
  await expect(
    browser.getByRole('list', { name: 'Folders' }).getByRole('button', { name: 'runs' }),
  ).toBeVisible();
  await browser.getByRole('button', { name: 'pets' }).focus();
  await window.keyboard.press('Enter');
  await expect(browser.getByRole('status')).toHaveText('3 folders, 0 files');
  await checkAccessibility(window);
  await browser.getByRole('button', { name: 'Use this folder' }).click();
  await expect(path).toHaveValue(folder);

  await expect(dialog.getByLabel('Test share')).toHaveValue('20');
  await expect(dialog.getByRole('list', { name: 'What was found' })).toContainText('20 % of each class');
  await dialog.getByLabel('Name of the dataset').fill('pets');
  await start.click();
  await window.getByRole('table', { name: 'Datasets' }).getByRole('link', { name: 'pets' }).click();
  const splits = window.getByRole('region', { name: 'Split' });
  await expect(splits.getByRole('button', { name: /^test/ })).toContainText('6');
});
