import type { Evaluation } from '#contract/evaluation.ts';

/** Whether training pictures were measured, so that the figures are too high for models trained on them. */
export const hasTrainingPictures = (split: Evaluation['testSplit']): boolean =>
  split === 'train' || split === 'all';
