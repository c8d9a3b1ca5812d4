import type { Dataset } from '#contract/dataset.ts';
import type { EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { TrainingConfig } from '#contract/run.ts';
import { countRecords, iterateTrainingRecords, type TrainingRecord } from '#db/datasets/records.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import { takeSmallestDigests } from '../variants/smallest-digests.ts';
import type { Workspace } from '../workspace.ts';

/** Which pairs a run trains on. */
export interface PairChoice {
  dataset: Dataset;
  variantId: string | null;
  config: TrainingConfig;
}

/** How many pairs {@link trainingPairs} gives: the share of the training pairs, rounded down. */
export function countTrainingPairs({ db }: Workspace, { dataset, config }: PairChoice): number {
  const all = countRecords(db, dataset.id, {
    split: 'train',
    ...(config.kind === 'supervised' ? { labelled: true } : {}),
  });
  return Math.floor(config.share * all);
}

/**
 * The pairs that a run trains on, in the order of their import: the training pairs (supervised: those with a
 * label), of which a share below 1 takes those with the smallest SHA-256 (hex) of 'clean:' + key, as the demo's
 * recipe does.
 */
export function* trainingPairs(workspace: Workspace, choice: PairChoice): Generator<EngineRecord, void> {
  const { dataset, config } = choice;
  const chosen =
    config.share === 1
      ? eligiblePairs(workspace, choice)
      : takeSmallestDigests(
          eligiblePairs(workspace, choice),
          countTrainingPairs(workspace, choice),
          'clean:',
          ({ record }) => record.key,
        ).sort((a, b) => a.record.id - b.record.id);
  for (const { record, caption, part } of chosen) {
    yield toEngineRecord(dataset, record, caption, part);
  }
}

/**
 * Steps of a whole run; the last batch of an epoch is left out where it is not full.
 * @throws WorkbenchError `bad-input` where there is not one full batch.
 */
export function countSteps(workspace: Workspace, choice: PairChoice): number {
  const { dataset, config } = choice;
  const pairs = countTrainingPairs(workspace, choice);
  const perEpoch = Math.floor(pairs / config.batchSize);
  if (perEpoch === 0) {
    const which = config.kind === 'supervised' ? 'labelled training pairs' : 'training pairs';
    const larger = config.share < 1 ? ', raise --share' : '';
    throw new WorkbenchError(
      'bad-input',
      `Dataset '${dataset.name}' gives ${pairs} ${which} (share ${config.share}), fewer than one batch of ${config.batchSize}: lower --batch-size${larger}, or take a larger dataset.`,
      { pairs, batchSize: config.batchSize, share: config.share },
    );
  }
  return config.epochs * perEpoch;
}

function* eligiblePairs({ db }: Workspace, choice: PairChoice): Generator<TrainingRecord, void> {
  for (const pair of iterateTrainingRecords(db, choice.dataset.id, choice.variantId)) {
    if (choice.config.kind !== 'supervised' || pair.record.label !== null) yield pair;
  }
}
