import type { Dataset } from '#contract/dataset.ts';
import type { EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { countRecords, iterateRecords } from '#db/datasets/records.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import type { Workspace } from '../workspace.ts';

/** Pictures that go through the towers at once; it changes no result. */
export const picturesAtOnce = 128;

/** How many labelled pictures a model is measured on; 0 where the dataset has none. */
export function countTestRecords({ db }: Workspace, datasetId: string): number {
  return (
    countRecords(db, datasetId, { split: 'test', labelled: true }) ||
    countRecords(db, datasetId, { labelled: true })
  );
}

/**
 * The labelled pictures that a model is measured on: the split test where there is one, else all.
 * @throws WorkbenchError `bad-input` where the dataset has no labels
 */
export function* testRecords({ db }: Workspace, dataset: Dataset): Generator<EngineRecord, void> {
  const test = { split: 'test', labelled: true } as const;
  const filter = countRecords(db, dataset.id, test) > 0 ? test : { labelled: true };
  if (countRecords(db, dataset.id, filter) === 0) {
    throw new WorkbenchError(
      'bad-input',
      `Dataset '${dataset.name}' has no labels, so nothing can be measured on it: import it with a label column, or one folder per class.`,
      { dataset: dataset.id },
    );
  }
  for (const record of iterateRecords(db, dataset.id, filter)) yield toEngineRecord(dataset, record);
}
