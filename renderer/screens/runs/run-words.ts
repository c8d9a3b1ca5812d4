import type { RunView } from '#contract/api/runs.ts';

export { kindWords, stateWords } from '#core/run-words.ts';

/** Done part in [0, 1]. */
export const runShare = (run: Pick<RunView, 'step' | 'totalSteps'>): number =>
  run.totalSteps > 0 ? Math.min(1, run.step / run.totalSteps) : 0;

/** Settings in the order of the form, with the words of the form. */
export const settingWords: readonly [keyof RunView['config'], string][] = [
  ['architecture', 'Architecture'],
  ['epochs', 'Epochs'],
  ['batchSize', 'Batch size'],
  ['learningRate', 'Learning rate'],
  ['warmupSteps', 'Warm-up steps'],
  ['schedule', 'Schedule'],
  ['weightDecay', 'Weight decay'],
  ['lambda', 'Lambda'],
  ['imageAugmentation', 'Image augmentation'],
  ['viewAugmentation', 'Augmented views'],
  ['share', 'Share of the pairs'],
  ['seed', 'Seed'],
];
