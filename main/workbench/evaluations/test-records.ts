import type { Dataset, Split } from '#contract/dataset.ts';
import type { EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { countRecords, iterateRecords } from '#db/datasets/records.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import type { Workspace } from '../workspace.ts';

/** Pictures that go through the towers at once; it changes no result. */
export const picturesAtOnce = 128;

/** Which labelled pictures a model is measured on. */
export interface MeasuredPart {
  /** null: there is neither test nor validation, so all labelled pictures, which models may have been trained on. */
  split: Exclude<Split, 'train'> | null;
  count: number;
}

/** The split test where it has labelled pictures, else validation, else all labelled. `count` 0: there is no label. */
export function measuredPart({ db }: Pick<Workspace, 'db'>, datasetId: string): MeasuredPart {
  for (const split of ['test', 'validation'] as const) {
    const count = countRecords(db, datasetId, { split, labelled: true });
    if (count > 0) return { split, count };
  }
  return { split: null, count: countRecords(db, datasetId, { labelled: true }) };
}

/** How many labelled pictures a model is measured on; 0 where the dataset has none. */
export function countTestRecords(workspace: Workspace, datasetId: string): number {
  return measuredPart(workspace, datasetId).count;
}

/**
 * The labelled pictures that a model is measured on: see {@link measuredPart}.
 * @throws WorkbenchError `bad-input` where the dataset has no labels
 */
export function* testRecords(workspace: Workspace, dataset: Dataset): Generator<EngineRecord, void> {
  const { db } = workspace;
  const { split, count } = measuredPart(workspace, dataset.id);
  if (count === 0) {
    throw new WorkbenchError(
      'bad-input',
      `Dataset '${dataset.name}' has no labels, so nothing can be measured on it: import it with a label column, or one folder per class, or name another (--dataset).`,
      { dataset: dataset.id },
    );
  }
  const filter = split === null ? { labelled: true } : { split, labelled: true };
  for (const record of iterateRecords(db, dataset.id, filter)) yield toEngineRecord(dataset, record);
}
