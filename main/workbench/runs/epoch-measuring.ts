import { join } from 'node:path';
import type { TrainJob } from '#contract/engine.ts';
import type { Run } from '#contract/run.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findVariant } from '#db/variants/variants.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import { attackedVariantOf } from '../evaluations/attacked-variant.ts';
import { picturesAtOnce, testRecords } from '../evaluations/test-records.ts';
import { attackOf } from '../variants/render-record.ts';
import type { Workspace } from '../workspace.ts';

/**
 * What a run measures after each epoch: its dataset's test pictures under the attack that it, or the model it goes on
 * from, was trained on: of several attacks under the first. The list of pictures is written into `folder`.
 * @throws WorkbenchError `bad-input` where the dataset has no labels
 */
export async function planMeasured(
  workspace: Workspace,
  run: Run,
  folder: string,
): Promise<TrainJob['measured']> {
  const { db } = workspace;
  const dataset = findDataset(db, run.datasetId);
  const variantId = attackedVariantOf(workspace, run);
  const recordsFile = join(folder, 'test-records.jsonl');
  await writeRecordsFile(recordsFile, testRecords(workspace, dataset));
  return {
    recordsFile,
    attack: variantId === null ? null : attackOf(findVariant(db, variantId).recipe, 0),
    prompts: dataset.prompts,
    batchSize: picturesAtOnce,
  };
}
