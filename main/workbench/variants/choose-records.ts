import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, type DatasetRecord, pictureKeyOf } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Amount, Recipe, RecipePart, Selection } from '#contract/variant.ts';
import { locateDataset } from '#db/datasets/datasets.ts';
import { splitCounts } from '#db/datasets/record-counts.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import { findModelByWeights } from '#db/models/models.ts';
import type { Database } from '#db/open.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import type { Engine } from '../engine/engine-client.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import type { JobContext } from '../engine/job-context.ts';
import { picturesAtOnce } from '../evaluations/test-records.ts';
import { wholeModelFolder } from '../models/model-folder.ts';
import { makeTemporaryFolder, type Workspace } from '../workspace.ts';
import { createEligibility, describeEligible, iterateEligible } from './eligible-records.ts';
import { takeSmallestDigests } from './smallest-digests.ts';
import { takeByRanks } from './take-by-ranks.ts';

/** Gives work the engine, for as long as it takes. */
export type UseEngine = <T>(work: (engine: Engine) => Promise<T>) => Promise<T>;

/** What a choice is made with. */
export interface Chooser {
  workspace: Workspace;
  context: JobContext;
  useEngine: UseEngine;
}

type Order = NonNullable<Selection['order']>;

/**
 * The records that one part of a recipe changes. Which they are follows from the keys, captions and labels of the
 * dataset and from the recipe, never from ids or the order of the import.
 * @param taken ids of records that the parts before it change
 * @throws WorkbenchError `bad-input` where there are too few; `not-found` where the recipe's model is not here
 */
export async function chooseRecords(
  chooser: Chooser,
  dataset: Dataset,
  recipe: Recipe,
  part: RecipePart,
  taken: ReadonlySet<number>,
): Promise<DatasetRecord[]> {
  const { db } = chooser.workspace;
  const order = part.selection?.order;
  if (order === undefined || order.kind === 'ranks')
    return chooseByKeys(chooser.workspace, dataset, recipe, part, taken);
  const count = countWanted(part.amount, countTrainingPairs(db, dataset));
  const eligible = createEligibility(part, taken);
  let candidates = 0;
  function* counted(): Generator<DatasetRecord, void> {
    for (const record of candidatesOf(part, iterateEligible(db, dataset, part, eligible))) {
      candidates += 1;
      yield record;
    }
  }
  const chosen = await takeBySimilarity(chooser, dataset, part, order, count, counted());
  if (chosen.length < count) throw tooFew(dataset, part, candidates, count, taken.size > 0);
  return chosen;
}

/** As {@link chooseRecords}, of a part whose order needs no model: it follows from the keys and the seed. */
export function chooseByKeys(
  { db }: Workspace,
  dataset: Dataset,
  recipe: Recipe,
  part: RecipePart,
  taken: ReadonlySet<number>,
): DatasetRecord[] {
  const count = countWanted(part.amount, countTrainingPairs(db, dataset));
  const eligible = createEligibility(part, taken);
  let candidates = 0;
  function* counted(): Generator<DatasetRecord, void> {
    for (const record of candidatesOf(part, iterateEligible(db, dataset, part, eligible))) {
      candidates += 1;
      yield record;
    }
  }
  let chosen: DatasetRecord[];
  if (part.selection?.order?.kind === 'ranks' && part.selection.keys === undefined) {
    const take = (pairs: number) => takeByRanks(db, dataset, recipe.seed, pairs, eligible);
    chosen = part.selection.allCaptions === true ? takePictures(count, take) : take(count);
    candidates = chosen.length;
  } else {
    chosen = takeSmallestDigests(counted(), count, `poison:${recipe.seed}:`, ({ key }) => key);
  }
  if (chosen.length < count) throw tooFew(dataset, part, candidates, count, taken.size > 0);
  return chosen;
}

/** Of pictures that take all their captions along, each once, by its first eligible pair. */
function* candidatesOf(
  { selection }: RecipePart,
  records: Iterable<DatasetRecord>,
): Generator<DatasetRecord, void> {
  const seen = new Set<string>();
  for (const record of records) {
    if (selection?.allCaptions === true) {
      const picture = pictureKeyOf(record);
      if (seen.has(picture)) continue;
      seen.add(picture);
    }
    yield record;
  }
}

/** So many pictures, each by the first of its pairs, where only pairs can be taken. */
function takePictures(count: number, take: (pairs: number) => DatasetRecord[]): DatasetRecord[] {
  for (let pairs = count; ; pairs *= 4) {
    const taken = take(pairs);
    const pictures = [
      ...new Map(taken.toReversed().map((record) => [pictureKeyOf(record), record])).values(),
    ];
    if (pictures.length >= count || taken.length < pairs) return pictures.reverse().slice(0, count);
  }
}

/** From the counts that are kept with a dataset: a look at every record would take a tenth of a second a million. */
export function countTrainingPairs(db: Database, dataset: Dataset): number {
  const counts = splitCounts(db, locateDataset(db, dataset.id).number);
  return counts.find(({ value }) => value === 'train')?.count ?? 0;
}

/** @param later whether parts before it have taken theirs */
export function tooFew(
  dataset: Dataset,
  part: RecipePart,
  candidates: number,
  count: number,
  later: boolean,
): WorkbenchError {
  return new WorkbenchError(
    'bad-input',
    `Dataset '${dataset.name}' has ${candidates} ${describeEligible(part)}${later ? ' and that no part before changes' : ''}, fewer than the ${count} to poison: lower the count or rate, or choose among more.`,
    { candidates, count },
  );
}

/** How many records an amount asks for. @param trainingPairs what a rate counts */
export function countWanted(amount: Amount, trainingPairs: number): number {
  return amount.kind === 'count' ? amount.count : Math.max(1, Math.round(amount.rate * trainingPairs));
}

/** Those whose pictures a model sees nearest to the target's prompts, or farthest; equal ones by their keys. */
async function takeBySimilarity(
  { workspace, context, useEngine }: Chooser,
  dataset: Dataset,
  part: RecipePart,
  order: Exclude<Order, { kind: 'ranks' }>,
  count: number,
  candidates: Iterable<DatasetRecord>,
): Promise<DatasetRecord[]> {
  const { db } = workspace;
  const model = findModelByWeights(db, order.weightsSha256);
  function* lines() {
    for (const record of candidates) yield toEngineRecord(dataset, record);
  }
  const folder = makeTemporaryFolder(workspace, 'similarity');
  try {
    const recordsFile = join(folder, 'records.jsonl');
    if ((await writeRecordsFile(recordsFile, lines())) < count) return [];
    const { recordIds } = await useEngine(async (engine) =>
      runToEnd<'similarity'>(
        engine,
        {
          kind: 'similarity',
          model: await wholeModelFolder(workspace, model.id),
          recordsFile,
          target: part.target,
          prompts: dataset.prompts,
          batchSize: picturesAtOnce,
          order: order.kind,
          count,
        },
        context,
        'no variant was made.',
      ),
    );
    const byId = new Map(readRecords(db, recordIds).map((record) => [record.id, record]));
    return recordIds.flatMap((id) => byId.get(id) ?? []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
