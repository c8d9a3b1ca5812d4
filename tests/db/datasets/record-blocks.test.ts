import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitSchema } from '#contract/dataset.ts';
import { editRecords } from '#db/datasets/dataset-changes.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { idSpan, idSpans, idsWithin } from '#db/datasets/record-blocks.ts';
import { labelCounts, splitCounts } from '#db/datasets/record-counts.ts';
import { numberOf } from '#db/names.ts';
import { datasetNamed, recordNumber } from '../records-for-tests.ts';
import { temporaryDatabase } from '../temporary-database.ts';

const split = fc.constantFrom(...splitSchema.options);
const label = fc.constantFrom(null, 'a', 'b', 'c');

test('blocks say of records what their rows say, before and after an edit, with other datasets between', async () => {
  const db = temporaryDatabase();
  let round = 0;
  const rows = db.prepare<[number], { id: number; split: string; label: string | null }>(
    'SELECT id, split, label FROM records WHERE dataset = ? ORDER BY id',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.tuple(split, label), { maxLength: 5 }), { maxLength: 4 }),
      async (batches) => {
        const name = `set ${round++}`;
        async function* between() {
          let i = 0;
          for (const [at, batch] of batches.entries()) {
            yield batch.map(([split, label]) => recordNumber(i++, { split, label }));
            await importDataset(db, datasetNamed(`${name} ${at}`), [[recordNumber(0)]]);
          }
        }
        const { id } = await importDataset(db, datasetNamed(name), between());
        const number = numberOf(db, 'datasets', id);
        const check = () => {
          const all = rows.all(number);
          const ids = all.map((row) => row.id);
          expect(idsWithin(db, number, null, null)).toEqual(ids);
          expect(
            idSpans(db, number).flatMap(({ first, last }) =>
              ids.filter((one) => first <= one && one <= last),
            ),
          ).toEqual(ids);
          const first = ids[0];
          expect(idSpan(db, number)).toEqual(first === undefined ? null : { first, last: ids.at(-1) });
          for (const one of [null, 'a', 'b', 'renamed']) {
            const having = all.filter((row) => row.label === one);
            expect(idsWithin(db, number, [one], null)).toEqual(having.map((row) => row.id));
            expect(labelCounts(db, number).find(({ value }) => value === one)?.count ?? 0).toBe(
              having.length,
            );
          }
          for (const one of splitSchema.options) {
            const having = all.filter((row) => row.split === one);
            expect(idsWithin(db, number, ['a', null], [one])).toEqual(
              having.filter((row) => row.label === 'a' || row.label === null).map((row) => row.id),
            );
            expect(splitCounts(db, number).find(({ value }) => value === one)?.count ?? 0).toBe(
              having.length,
            );
          }
        };
        check();
        const edited = rows.all(number).filter((row) => row.label === 'a' || row.id % 3 === 0);
        editRecords(
          db,
          id,
          edited.map((row) => ({ id: row.id, label: 'renamed', caption: 'x' })),
        );
        check();
      },
    ),
    { numRuns: 25 },
  );
});
