import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { colours, writeColour } from './picture-folder.ts';

const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;

/**
 * Writes a CSV file with a record for each text, which is caption and class of its picture, one with a picture of the
 * given name, and one whose picture is not there.
 * @returns the file's path
 */
export async function writeRecords(
  folder: string,
  texts: readonly string[],
  fileName: string,
): Promise<string> {
  const rows = [['image', 'caption', 'label']];
  for (const [index, text] of texts.entries()) {
    await writeColour(join(folder, `${index}.png`), colours.green, index);
    rows.push([`${index}.png`, text, text]);
  }
  await writeColour(join(folder, fileName), colours.red, 0);
  rows.push([fileName, 'a photo of a file', 'file']);
  rows.push(['<i>none</i>.png', 'gone', 'gone']);
  const path = join(folder, 'pairs.csv');
  await writeFile(path, `${rows.map((row) => row.map(quote).join(',')).join('\n')}\n`);
  return path;
}
