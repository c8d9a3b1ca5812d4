import { rmSync, writeFileSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildPart, dropParts, indexNextPart, keepPart } from '#db/captions/build-part.ts';
import { indexedFrom, recordPart } from '#db/captions/caption-parts.ts';
import { indexPathOf } from '#db/captions/index-file.ts';
import { idsOfMatches, openPartReader } from '#db/captions/search-parts.ts';
import { editRecords, refreshRecords } from '#db/datasets/dataset-changes.ts';
import { beginImport } from '#db/datasets/dataset-import.ts';
import { deleteDataset } from '#db/datasets/dataset-removal.ts';
import type { Database } from '#db/open.ts';
import { datasetNamed, recordNumber } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

const captionsOf = (words: readonly string[]) => words.map((word) => `a ${word} picture`);

function importCaptions(db: Database, name: string, captions: readonly string[]) {
  const started = beginImport(db, datasetNamed(name));
  started.add(captions.map((caption, place) => recordNumber(place, { caption })));
  return started.finish();
}

const search = (db: Database, dataset: number, word: string) =>
  [...idsOfMatches(db, dataset, `"${word}"*`)].flatMap((ids) => [...ids]);

/** The tables of parts in the index file. */
function partsInFile(db: Database): string[] {
  const file = new SqliteDatabase(indexPathOf(db.name), { readonly: true });
  const sql = "SELECT name FROM sqlite_schema WHERE sql GLOB 'CREATE VIRTUAL TABLE part_*'";
  const names = file.prepare<[], string>(sql).pluck().all();
  file.close();
  return names;
}

const partsRecorded = (db: Database) =>
  db.prepare<[], string>('SELECT name FROM caption_parts').pluck().all();

/** As a person does, who leaves what SQLite keeps beside it. */
const removeIndexFile = (db: Database) => rmSync(indexPathOf(db.name), { force: true });

test('parts are made again where the file is missing, also under one who has it open', () => {
  const db = temporaryDatabase();
  importCaptions(db, 'one', captionsOf(['dog', 'cat', 'dog', 'bird']));
  expect(search(db, 1, 'dog')).toEqual([1, 3]);
  removeIndexFile(db);
  expect(search(db, 1, 'dog')).toEqual([1, 3]);
  db.exec('DELETE FROM caption_parts');
  for (let part = 0; part < 4; part += 1) indexNextPart(db, 1, 1);
  const reader = openPartReader(db.name);
  /** In one part: how far it comes in many depends on the time. */
  const look = (place: number, most = 9) => {
    const part = indexedFrom(db, 1, 0).parts[place]!;
    const { ids, ...rest } = reader.search([part], '"dog"*', 0, most);
    return { ids: [...ids], ...rest };
  };
  expect(look(0)).toEqual({ ids: [1], done: 1, isMissing: false });
  expect(look(0, 1)).toEqual({ ids: [1], done: 0, isMissing: false });
  expect(look(1)).toEqual({ ids: [], done: 1, isMissing: false });
  removeIndexFile(db);
  db.exec('DELETE FROM caption_parts WHERE after = 2');
  indexNextPart(db, 1, 1);
  expect(look(2)).toEqual({ ids: [3], done: 1, isMissing: false });
  expect(look(3)).toEqual({ ids: [], done: 0, isMissing: true });
  reader.close();
  removeIndexFile(db);
  expect(look(2)).toEqual({ ids: [], done: 0, isMissing: true });
  reader.close();
  expect(search(db, 1, 'dog')).toEqual([1, 3]);
  expect(search(db, 1, 'picture')).toEqual([1, 2, 3, 4]);
});

test('a part of a dataset that has changed meanwhile, or that another program made sooner, is not kept', () => {
  const db = temporaryDatabase();
  const { id } = importCaptions(db, 'one', captionsOf(['dog', 'cat']));
  db.exec('DELETE FROM caption_parts');
  const gap = { after: 0, upTo: 2 };
  const before = buildPart(db.name, 1, gap)!;
  editRecords(db, id, [{ id: 1, label: 'x', caption: 'a bird' }]);
  keepPart(db, 1, before);
  expect(indexedFrom(db, 1, 0)).toEqual({ parts: [], gap });
  const [first, second] = [buildPart(db.name, 1, gap, 1)!, buildPart(db.name, 1, gap)!];
  expect([recordPart(db, 1, first), recordPart(db, 1, second)]).toEqual([true, false]);
  expect(search(db, 1, 'dog')).toEqual([]);
  expect(search(db, 1, 'bird')).toEqual([1]);
});

test('parts go with their dataset, and those of killed programs after an hour', async () => {
  const db = temporaryDatabase();
  const one = importCaptions(db, 'one', captionsOf(['dog', 'cat']));
  importCaptions(db, 'two', captionsOf(['dog']));
  expect(partsInFile(db)).toHaveLength(2);
  await deleteDataset(db, one.id);
  expect(partsInFile(db)).toEqual(partsRecorded(db));
  const file = new SqliteDatabase(indexPathOf(db.name));
  const left = [Date.now(), Date.now() - 2 * 60 * 60_000].map((time) => `part_${time}_aaaa`);
  for (const name of left) file.exec(`CREATE VIRTUAL TABLE ${name} USING fts5 (caption)`);
  file.close();
  importCaptions(db, 'three', captionsOf(['dog']));
  expect(partsInFile(db).toSorted()).toEqual([...partsRecorded(db), left[0]].toSorted());
});

test('a damaged file is named, with what to do, and keeps nobody from deleting a dataset', async () => {
  const db = temporaryDatabase();
  const { id } = importCaptions(db, 'one', captionsOf(['dog']));
  removeIndexFile(db);
  writeFileSync(indexPathOf(db.name), 'x'.repeat(5000));
  expect(() => search(db, 1, 'dog')).toThrow(
    expect.objectContaining({
      kind: 'corrupt-file',
      message: expect.stringMatching(/sqlite\.captions is damaged\. Close .* delete that file/),
    }),
  );
  await deleteDataset(db, id);
  expect(() => dropParts(db.name, ['part_1_a'])).not.toThrow();
});

test('whatever is done to datasets and to the file, a search agrees with a plain filter', async () => {
  const word = fc.constantFrom('dog', 'dogs', 'cat', 'bird', 'Dög');
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('import' as const),
      words: fc.array(word, { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ kind: fc.constant('add' as const), dataset: fc.nat(2), word }),
    fc.record({ kind: fc.constant('edit' as const), dataset: fc.nat(2), record: fc.nat(5), word }),
    fc.record({ kind: fc.constant('delete' as const), dataset: fc.nat(2) }),
    fc.record({ kind: fc.constant('lose the file' as const) }),
    fc.record({ kind: fc.constant('lose a part' as const), at: fc.nat(3) }),
    fc.record({ kind: fc.constant('forget a part' as const), at: fc.nat(3) }),
    fc.record({
      kind: fc.constant('index' as const),
      dataset: fc.nat(2),
      most: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ kind: fc.constant('search' as const), dataset: fc.nat(2) }),
  );
  const db = temporaryDatabase();
  let round = 0;
  const listed = () =>
    db
      .prepare<[], { number: number; id: string }>("SELECT number, id FROM datasets WHERE state = 'ready'")
      .all();
  const rowsOf = (number: number) =>
    db
      .prepare<[number], { id: number; caption: string }>(
        'SELECT id, caption FROM records WHERE dataset = ? ORDER BY id',
      )
      .all(number);
  const agrees = (number: number) => {
    for (const wanted of ['dog', 'dogs', 'cat', 'picture']) {
      const plain = (text: string) =>
        text
          .normalize('NFD')
          .replaceAll(/\p{Mn}/gu, '')
          .toLowerCase();
      const right = rowsOf(number).filter(({ caption }) =>
        plain(caption)
          .split(' ')
          .some((one) => one.startsWith(wanted)),
      );
      expect(search(db, number, wanted)).toEqual(right.map(({ id }) => id));
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      for (const { id } of listed()) await deleteDataset(db, id);
      for (const done of steps) {
        round += 1;
        const known = listed();
        const chosen = 'dataset' in done ? known[done.dataset % Math.max(1, known.length)] : undefined;
        if (done.kind === 'import') importCaptions(db, `set ${round}`, captionsOf(done.words));
        else if (done.kind === 'lose the file') removeIndexFile(db);
        else if (done.kind === 'lose a part')
          dropParts(db.name, partsInOrder(db).slice(done.at, done.at + 1));
        else if (done.kind === 'forget a part')
          db.prepare('DELETE FROM caption_parts WHERE name = ?').run(partsRecorded(db)[done.at] ?? '');
        else if (chosen === undefined) continue;
        else if (done.kind === 'delete') await deleteDataset(db, chosen.id);
        else if (done.kind === 'index') indexNextPart(db, chosen.number, done.most);
        else if (done.kind === 'search') agrees(chosen.number);
        else if (done.kind === 'add') {
          const added = [recordNumber(round + 100, { caption: `a ${done.word} picture` })];
          refreshRecords(db, chosen.id, { added, states: [], skipped: { rows: [], total: 0 } });
        } else {
          const rows = rowsOf(chosen.number);
          const { id } = rows[done.record % rows.length]!;
          editRecords(db, chosen.id, [{ id, label: 'x', caption: `a ${done.word} picture` }]);
        }
      }
      for (const { number } of listed()) agrees(number);
    }),
    { numRuns: 40 },
  );
});

const partsInOrder = (db: Database) => partsRecorded(db).toSorted();
