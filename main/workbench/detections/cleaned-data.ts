import type { Dataset, NewRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Variant } from '#contract/variant.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { findDetection, readRanking } from '#db/detections/detections.ts';
import { findVariant, insertVariant, iterateVariantRecords } from '#db/variants/variants.ts';
import { hashManifest } from '../variants/manifest.ts';
import type { Workspace } from '../workspace.ts';

export interface CleaningRequest {
  detectionId: string;
  /** How many of the most suspicious pairs are left out. */
  drop: number;
  /** The new dataset's; a new variant's is the same. */
  name: string;
}

/** What is left of the data: of a variant, a variant of the new dataset with the poison that was not found. */
export interface CleanedData {
  dataset: Dataset;
  variant: Variant | null;
  removed: number;
}

const recordsAtOnce = 2_000;

/**
 * Makes a dataset without the most suspicious pairs of a detection; pictures stay where they are. Of a detection on a
 * variant it also makes a variant with the changes that are left, where there are any: the same bytes as before.
 * @throws WorkbenchError `not-found`; `conflict` where the name is taken; `bad-input` where nothing would be left
 */
export async function makeCleanedData(
  { db }: Workspace,
  { detectionId, drop, name }: CleaningRequest,
): Promise<CleanedData> {
  const detection = findDetection(db, detectionId);
  const source = findDataset(db, detection.datasetId);
  const poisoned = detection.variantId === null ? null : findVariant(db, detection.variantId);
  if (drop >= detection.pairs) {
    const message = `The detection has ${detection.pairs} pairs, so leaving out ${drop} would leave none: leave out fewer.`;
    throw new WorkbenchError('bad-input', message, { pairs: detection.pairs, drop });
  }
  const dropped = new Set(readRanking(db, detection.id, 0, drop).map(({ recordId }) => recordId));
  const dataset = await importDataset(
    db,
    {
      name,
      source: {
        kind: 'cleaned',
        path: source.root,
        dataset: source.name,
        variant: poisoned?.name ?? null,
        detectionId: detection.id,
        removed: dropped.size,
      },
      root: source.root,
      prompts: source.prompts,
      captionTemplates: source.captionTemplates,
      unchecked: source.unchecked,
    },
    keptRecords(db, source.id, dropped),
  );
  return {
    dataset,
    variant: poisoned === null ? null : copyChanges(db, { poisoned, dropped, dataset, name }),
    removed: dropped.size,
  };
}

function* keptRecords(
  db: Workspace['db'],
  datasetId: string,
  dropped: ReadonlySet<number>,
): Generator<NewRecord[], void> {
  let batch: NewRecord[] = [];
  for (const { id, datasetId: _, ...record } of iterateRecords(db, datasetId)) {
    if (dropped.has(id)) continue;
    batch.push(record);
    if (batch.length < recordsAtOnce) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

interface Copying {
  poisoned: Variant;
  dropped: ReadonlySet<number>;
  dataset: Dataset;
  name: string;
}

/** The changes of a variant to records that are still there; null where none is left. */
function copyChanges(db: Workspace['db'], { poisoned, dropped, dataset, name }: Copying): Variant | null {
  const kept = [...iterateVariantRecords(db, poisoned.id)].filter(({ recordId }) => !dropped.has(recordId));
  if (kept.length === 0) return null;
  const ids = new Map<string, number>();
  for (const { id, key } of iterateRecords(db, dataset.id, { split: 'train' })) ids.set(key, id);
  const changes = kept.flatMap((change) => {
    const recordId = ids.get(change.key);
    return recordId === undefined ? [] : [{ ...change, recordId }];
  });
  const { recipe } = poisoned;
  const manifestSha256 = hashManifest(recipe, changes);
  return insertVariant(db, { name, datasetId: dataset.id, recipe, manifestSha256 }, changes);
}
