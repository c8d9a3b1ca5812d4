import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '#core/random/random.ts';
import { openDatabase } from '#db/open.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { silentContext } from '../../workbench/fixtures.ts';
import { vocabulary } from '../browse-data.ts';

const pictures = 1000;

/**
 * Importing a CSV of so many rows without a look at the pictures: reading, seeking their files, the database, the index
 * of captions and the order of keys. @returns rows of a Markdown table
 */
export async function benchTable(folder: string, rows: number): Promise<string[]> {
  const path = join(folder, 'pairs.csv');
  await writeTable(folder, path, rows);
  const db = openDatabase(join(folder, 'table.sqlite'));
  const begun = measure();
  const { dataset } = await importFrom(
    { db },
    { path, name: 'pairs', strict: true, unchecked: true },
    silentContext(),
  );
  if (dataset.records !== rows) throw new Error(`${dataset.records} records of ${rows} were stored`);
  const line = row(`CSV of ${rows} rows, no picture looked at, with the index of captions`, rows, begun());
  db.close();
  await rm(path);
  return [line];
}

/** Rows name pictures in folders of a thousand, all of which are links to one. */
async function writeTable(folder: string, path: string, rows: number): Promise<void> {
  await mkdir(join(folder, 'store'), { recursive: true });
  for (let picture = 0; picture < pictures; picture += 1)
    await writeFile(join(folder, 'store', `${picture}.jpg`), '');
  await mkdir(join(folder, 'img'), { recursive: true });
  for (let part = 0; part < Math.ceil(rows / pictures); part += 1)
    await symlink('../store', join(folder, 'img', `${part}`));
  const random = createRandom('table', rows);
  const file = createWriteStream(path);
  file.write('image,caption,label,split\n');
  const word = () => vocabulary[Math.floor(vocabulary.length ** random.next()) - 1] ?? '';
  for (let at = 0; at < rows; at += 1) {
    const caption = Array.from({ length: 6 + random.integer(8) }, word).join(' ');
    const image = `img/${Math.floor(at / pictures)}/${at % pictures}.jpg`;
    if (!file.write(`${image},${caption},class ${at % 200},${at % 10 === 0 ? 'test' : 'train'}\n`))
      await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  await stat(path);
}

function measure(): () => { wallS: number; processorS: number } {
  const from = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { wallS: (performance.now() - from) / 1000, processorS: (user + system) / 1e6 };
  };
}

const row = (
  name: string,
  rows: number,
  { wallS, processorS }: { wallS: number; processorS: number },
): string => `| ${name} | ${wallS.toFixed(1)} | ${processorS.toFixed(1)} | ${Math.round(rows / wallS)} |`;
