import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { iterateRecords } from '#db/datasets/records.ts';
import { showDatasets } from '#main/workbench/datasets/datasets.ts';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { hues, makeFolder, silentContext, writeNoisyPicture } from '../../fixtures.ts';

const program = fileURLToPath(new URL('./programs/import-and-die.ts', import.meta.url));
const pictures = 12;
const rowsEach = 400;

let temporary: ReturnType<typeof makeFolder>;
const at = (...parts: string[]) => join(temporary.folder, ...parts);

beforeEach(async () => {
  temporary = makeFolder();
  const rows = ['image,caption'];
  for (let number = 0; number < pictures; number += 1) {
    await writeNoisyPicture(at(`${number}.png`), hues.red);
    for (let row = 0; row < rowsEach; row += 1) {
      // Every hundredth names no picture that is there.
      rows.push(`${row % 100 === 99 ? 'gone' : number}.png,caption ${row} of ${number}`);
    }
  }
  writeFileSync(at('pairs.csv'), `${rows.join('\n')}\n`);
});
afterEach(() => temporary.remove());

/** Imports and is killed (-9) after a share of the file. */
function importAndDie(workspace: string, share: number, ...look: 'unchecked'[]): void {
  const bytes = Math.floor(share * statSync(at('pairs.csv')).size);
  const given = [program, at(workspace), at('pairs.csv'), String(bytes), ...look];
  const { signal } = spawnSync(process.execPath, given);
  expect(signal).toBe('SIGKILL');
}

async function importTo(name: string, unchecked = false) {
  const workspace = openWorkspace(at(name));
  const said: string[] = [];
  const before = showDatasets(workspace).length;
  const context = {
    ...silentContext(),
    reporter: { progress: () => {}, say: (text: string) => void said.push(text) },
  };
  try {
    const { dataset, left } = await importFrom(
      workspace,
      { path: at('pairs.csv'), name: 'pairs', strict: false, unchecked },
      context,
    );
    const rows = [...iterateRecords(workspace.db, dataset.id)].map(
      ({ key, picture, caption, sha256 }) => `${key} ${picture} ${caption} ${sha256}`,
    );
    return { before, said, rows, total: left.total, skipped: left.rows, records: dataset.records };
  } finally {
    workspace.close();
  }
}

test('an import that is killed twice goes on, and gives the rows of one that was not', async () => {
  const whole = await importTo('whole');
  expect(whole).toMatchObject({ records: pictures * (rowsEach - 4), total: pictures * 4, said: [] });
  importAndDie('killed', 0.4);
  importAndDie('killed', 0.8);
  const resumed = await importTo('killed');
  expect(resumed.before).toBe(0);
  expect(resumed.said[0]).toMatch(/cut short after \d+ rows/);
  expect(Number(/after (\d+) rows/.exec(resumed.said[0] ?? '')?.[1])).toBeGreaterThan(
    0.5 * pictures * rowsEach,
  );
  expect(resumed.rows).toEqual(whole.rows);
  expect([resumed.total, resumed.skipped]).toEqual([whole.total, whole.skipped]);
}, 60_000);

test('one that looks at no picture goes on too, at the step that it had reached', async () => {
  const more = Array.from({ length: 20_000 }, (_, row) => `${row % pictures}.png,further ${row}`);
  appendFileSync(at('pairs.csv'), `${more.join('\n')}\n`);
  const whole = await importTo('whole', true);
  importAndDie('killed', 0.5, 'unchecked');
  importAndDie('killed', 0.9, 'unchecked');
  const resumed = await importTo('killed', true);
  expect(Number(/after (\d+) rows/.exec(resumed.said[0] ?? '')?.[1])).toBeGreaterThan(10_000);
  expect(resumed.rows).toHaveLength(20_000 + pictures * (rowsEach - 4));
  expect(resumed.rows).toEqual(whole.rows);
  expect([resumed.total, resumed.skipped]).toEqual([whole.total, whole.skipped]);
}, 60_000);

test('where the table has changed meanwhile it begins anew', async () => {
  importAndDie('changed', 0.6);
  const text = readFileSync(at('pairs.csv'), 'utf8');
  writeFileSync(at('pairs.csv'), text.replace('caption 0 of 0', 'another'));
  appendFileSync(at('pairs.csv'), '0.png,one more\n');
  const { rows, said } = await importTo('changed');
  expect(said.at(-1)).toMatch(/begins anew/);
  expect(rows).toHaveLength(pictures * (rowsEach - 4) + 1);
  expect(rows[0]).toMatch(/another/);
}, 60_000);

test('one that is stopped leaves nothing', async () => {
  const gentle = new AbortController();
  const workspace = openWorkspace(at('stopped'));
  const context = {
    ...silentContext(),
    reporter: {
      say: () => {},
      progress: (_: string, done: number) => void (done > 40_000 && gentle.abort()),
    },
    interrupt: { gentle: gentle.signal, hard: new AbortController().signal },
  };
  await expect(
    importFrom(workspace, { path: at('pairs.csv'), name: 'pairs', strict: false }, context),
  ).rejects.toMatchObject({ kind: 'cancelled' });
  workspace.close();
  const db = new SqliteDatabase(at('stopped', 'workbench.sqlite'));
  const counts = ['datasets', 'records', 'skipped_rows', 'key_order'].map((table) =>
    db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
  );
  db.close();
  expect(counts).toEqual([0, 0, 0, 0]);
}, 60_000);
