import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewRecord } from '#contract/dataset.ts';
import { createRandom } from '#core/random/random.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { openDatabase } from '#db/open.ts';
import { noNames } from '#main/data/readers/class-names.ts';
import { lookAt } from '#main/data/readers/look.ts';
import { readers } from '#main/data/readers/readers.ts';
import { vocabulary } from '../browse-data.ts';

const batchRecords = 10_000;
const pictures = 1000;
const noHash = '0'.repeat(64);

/**
 * Importing a CSV of so many rows, of which no picture is decoded: reading, seeking the pictures' files, the database, the
 * index of captions and the order of keys. @returns rows of a Markdown table
 */
export async function benchTable(folder: string, rows: number): Promise<string[]> {
  const path = join(folder, 'pairs.csv');
  await writeTable(folder, path, rows);
  const db = openDatabase(join(folder, 'table.sqlite'));
  const lines: string[] = [];
  const begun = measure();
  const started = beginImport(db, {
    name: 'pairs',
    source: { kind: 'csv', path },
    root: folder,
    prompts: ['a photo of a {}.'],
    captionTemplates: ['a photo of a {}.'],
  });
  const reading = await readers.csv.open(await lookAt(path), { templates: ['a {}'], names: noNames });
  let batch: NewRecord[] = [];
  for await (const found of reading.batches(undefined, () => {})) {
    for (const item of found) {
      if (item.kind !== 'pair') continue;
      const { key, caption, label, split } = item;
      batch.push({ key, caption, label, split, name: null, sha256: noHash, width: 1, height: 1 });
    }
    if (batch.length < batchRecords) continue;
    started.add(batch);
    batch = [];
  }
  started.add(batch);
  lines.push(row(`CSV of ${rows} rows, no picture decoded: rows into the database`, rows, begun()));
  while (started.indexSome());
  const { records } = started.finish();
  if (records !== rows) throw new Error(`${records} records of ${rows} were stored`);
  lines.push(
    row(`CSV of ${rows} rows, no picture decoded: with the index of captions and keys`, rows, begun()),
  );
  db.close();
  await rm(path);
  return lines;
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
