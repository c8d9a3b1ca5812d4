import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import { createPermutation } from '#core/random/permutation.ts';
import { createRandom } from '#core/random/random.ts';
import { idsOfMatches } from '#db/captions/search-parts.ts';
import { locateDataset } from '#db/datasets/datasets.ts';
import { readKeyOrder } from '#db/datasets/key-order.ts';
import { idsWithin } from '#db/datasets/record-blocks.ts';
import { readRecordsWithin } from '#db/datasets/record-choice.ts';
import { labelCounts } from '#db/datasets/record-counts.ts';

import type { Database } from '#db/open.ts';
import { type Eligibility, filterEligible } from './eligible-records.ts';

/** Records looked at in a first go; each further go looks at four times as many. */
const firstGo = 512;

/** Reading so many from an index and putting them in order takes a tenth of a second. */
const fewIds = 50_000;

/**
 * The first eligible records where ranks in the order of keys come at random, each once. Where few can be eligible,
 * they are put in the order in which they would come.
 * @param few where an index names no more than so many, they alone are looked at
 */
export function takeByRanks(
  db: Database,
  dataset: Dataset,
  seed: number,
  count: number,
  eligible: Eligibility,
  few = fewIds,
): DatasetRecord[] {
  const chosen: DatasetRecord[] = [];
  const look = (ids: readonly number[]) => {
    const records = readRecordsWithin(db, ids, eligible.limits);
    for (const record of filterEligible(records, eligible)) chosen.push(record);
  };
  let go: number[] = [];
  let goLength = Math.max(firstGo, 2 * count);
  for (const id of idsAtRandom(db, dataset, seed, findFew(db, dataset, eligible, few))) {
    go.push(id);
    if (go.length < goLength) continue;
    look(go);
    if (chosen.length >= count) break;
    go = [];
    goLength *= 4;
  }
  if (chosen.length < count) look(go);
  return chosen.slice(0, count);
}

/** @param among ids in any order; null: all of the dataset's */
function* idsAtRandom(
  db: Database,
  dataset: Dataset,
  seed: number,
  among: readonly number[] | null,
): Generator<number, void> {
  const order = readKeyOrder(db, dataset.id, dataset.records);
  const { numberAt, placeOf } = createPermutation(dataset.records, createRandom('poison ranks', seed));
  if (among === null) {
    for (let place = 0; place < order.length; place += 1) yield order[numberAt(place)] as number;
    return;
  }
  const isAmong = new Uint8Array(among.reduce((last, id) => Math.max(last, id), 0) + 1);
  for (const id of among) isAmong[id] = 1;
  const placed: { id: number; place: number }[] = [];
  for (let rank = 0; rank < order.length; rank += 1) {
    const id = order[rank] as number;
    if (isAmong[id] === 1) placed.push({ id, place: placeOf(rank) });
  }
  placed.sort((a, b) => a.place - b.place);
  for (const { id } of placed) yield id;
}

/** Ids that all eligible records are among, where an index tells that they are few; null where they may be many. */
function findFew(
  db: Database,
  dataset: Dataset,
  { expression, limits }: Eligibility,
  few: number,
): number[] | null {
  const { number } = locateDataset(db, dataset.id);
  const matching = expression === null ? null : takeFew(idsOfMatches(db, number, expression), few);
  if (matching !== null) return matching;
  const { labels } = limits;
  if (labels === null) return null;
  const named = labels.filter((label) => label !== null);
  if (named.length < labels.length) return null;
  const counts = labelCounts(db, number).filter(({ value }) => value !== null && named.includes(value));
  if (counts.reduce((sum, { count }) => sum + count, 0) > few) return null;
  return idsWithin(db, number, named, null);
}

/** null where they are more than `most` */
function takeFew(parts: Iterable<Iterable<number>>, most: number): number[] | null {
  const ids: number[] = [];
  for (const part of parts) {
    for (const id of part) ids.push(id);
    if (ids.length > most) return null;
  }
  return ids;
}
