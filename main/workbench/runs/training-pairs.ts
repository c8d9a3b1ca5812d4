import type { Dataset } from '#contract/dataset.ts';
import type { EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { loopOf, methodOf } from '#contract/methods/method-registry.ts';
import type { RunConfig } from '#contract/run.ts';
import { groupBy } from '#core/group-by.ts';
import { countRecords, iterateTrainingRecords, type TrainingRecord } from '#db/datasets/records.ts';
import { changedTrainingIds, findVariant } from '#db/variants/variants.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import { ancestryOfModel } from '../models/ancestry.ts';
import { labelByCaption } from '../variants/caption-labels.ts';
import { takeSmallestDigests } from '../variants/smallest-digests.ts';
import type { Workspace } from '../workspace.ts';

/** Which pairs a run trains on. */
export interface PairChoice {
  dataset: Dataset;
  variantId: string | null;
  config: RunConfig;
  /** Records that are left out: see {@link poisonedBefore}. */
  poisoned: ReadonlySet<number>;
}

/**
 * The training records of a dataset that a run's start model, or a model before it, was poisoned with, where the run
 * leaves them out; of a method that needs labels, those with one.
 * @throws WorkbenchError `bad-input` where nobody knows what the start was trained on
 */
export function poisonedBefore(workspace: Workspace, dataset: Dataset, config: RunConfig): Set<number> {
  const { start, data, method } = config;
  if (!data.selection.withoutPoisoned) return new Set();
  if (start.kind === 'scratch') {
    throw new WorkbenchError(
      'bad-input',
      'Only a model can have been poisoned before: leave out --without-poisoned, or start from a model.',
    );
  }
  const { runs, root } = ancestryOfModel(workspace, start.model);
  if (root !== null) {
    throw new WorkbenchError(
      'bad-input',
      `Model '${root.name}' was brought from a file: what it was poisoned with is not known, so it cannot be left out.`,
      { model: root.id },
    );
  }
  const variants = runs.flatMap(({ variantId }) => variantId ?? []);
  return changedTrainingIds(workspace.db, dataset.id, variants, methodOf(method).needs.labels);
}

/**
 * How many pairs {@link trainingPairs} gives: the fraction of the training pairs, rounded down; of a method that takes a
 * few of each class, those.
 */
export function countTrainingPairs(workspace: Workspace, choice: PairChoice): number {
  const fraction = countFraction(workspace, choice);
  return perClass(choice.config) === null ? fraction : takeFew(workspace, choice).length;
}

function countFraction({ db }: Workspace, { dataset, config, poisoned }: PairChoice): number {
  const all = countRecords(db, dataset.id, {
    split: 'train',
    ...(methodOf(config.method).needs.labels ? { labelled: true } : {}),
  });
  return Math.floor(config.data.selection.fraction * (all - poisoned.size));
}

/**
 * The pairs that a run trains on, in the order of their import: the training pairs (with a label, where the method needs
 * one) but those that are left out, of which a fraction below 1 takes those with the smallest SHA-256 (hex) of 'clean:'
 * + key, as the demo's recipe does. Of these, a method that learns from a few pictures a class takes so many of each,
 * drawn by the run's seed.
 */
export function* trainingPairs(workspace: Workspace, choice: PairChoice): Generator<EngineRecord, void> {
  const { dataset, config, variantId } = choice;
  const chosen = perClass(config) === null ? takeFraction(workspace, choice) : takeFew(workspace, choice);
  const variant = variantId === null ? null : findVariant(workspace.db, variantId);
  for (const { record, caption, part } of chosen) {
    const label =
      variant === null || part === null ? record.label : labelByCaption(dataset, variant, part, record);
    yield toEngineRecord(dataset, { ...record, label }, caption, part);
  }
}

/** How many pictures of each class the method learns from; null: all. */
function perClass({ method, settings }: RunConfig): number | null {
  return methodOf(method).picturesPerClass?.(settings) ?? null;
}

function takeFraction(workspace: Workspace, choice: PairChoice): Iterable<TrainingRecord> {
  const pairs = eligiblePairs(workspace, choice);
  if (choice.config.data.selection.fraction === 1) return pairs;
  const count = countFraction(workspace, choice);
  return inOrder(takeSmallestDigests(pairs, count, 'clean:', ({ record }) => record.key));
}

/** Of the fraction, so many of each label with the smallest SHA-256 (hex) of 'few:SEED:' + key. */
function takeFew(workspace: Workspace, choice: PairChoice): TrainingRecord[] {
  const count = perClass(choice.config) ?? 0;
  const prefix = `few:${choice.config.seed}:`;
  const byLabel = groupBy(takeFraction(workspace, choice), ({ record }) => record.label);
  const chosen = [...byLabel.values()].flatMap((own) =>
    takeSmallestDigests(own, count, prefix, ({ record }) => record.key),
  );
  return inOrder(chosen);
}

const inOrder = (pairs: TrainingRecord[]) => pairs.sort((a, b) => a.record.id - b.record.id);

/**
 * Steps of a whole run; the last batch of an epoch is left out where it is not full.
 * @throws WorkbenchError `bad-input` where there is not one full batch.
 */
export function countSteps(workspace: Workspace, choice: PairChoice): number {
  const { dataset, config } = choice;
  const { epochs, batchSize } = loopOf(config.settings);
  const pairs = countTrainingPairs(workspace, choice);
  const perEpoch = Math.floor(pairs / batchSize);
  if (perEpoch === 0) {
    const { fraction } = config.data.selection;
    const which = methodOf(config.method).needs.labels ? 'labelled training pairs' : 'training pairs';
    const larger = fraction < 1 ? ', raise --fraction' : '';
    throw new WorkbenchError(
      'bad-input',
      `Dataset '${dataset.name}' gives ${pairs} ${which} (fraction ${fraction}), fewer than one batch of ${batchSize}: lower --batch-size${larger}, or take a larger dataset.`,
      { pairs, batchSize, fraction },
    );
  }
  return epochs * perEpoch;
}

function* eligiblePairs({ db }: Workspace, choice: PairChoice): Generator<TrainingRecord, void> {
  const { config, poisoned } = choice;
  const { labels } = methodOf(config.method).needs;
  for (const pair of iterateTrainingRecords(db, choice.dataset.id, choice.variantId)) {
    if (labels && pair.record.label === null) continue;
    if (!poisoned.has(pair.record.id)) yield pair;
  }
}
