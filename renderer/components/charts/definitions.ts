import { metrics } from '#contract/metrics.ts';

/** What the numbers mean, in the words shown on hover wherever they stand. */
export const definitions = {
  ca: 'Clean accuracy (CA): fraction of clean test pictures whose zero-shot prediction is their label. Top-1.',
  top5: 'Top-5: fraction of clean test pictures whose label is among the five best predictions.',
  asr: 'Attack success rate (ASR): over test pictures whose label is not the target, the fraction predicted as the target once the trigger is applied. All-to-all: over all test pictures, the fraction predicted as the class after their own. Of a variant with several attacks, lists and comparisons show the first.',
  cleanAsTarget:
    'Fraction of clean test pictures of other classes that are predicted as the target without any trigger.',
  targetWithoutTrigger: metrics.targetWithoutTrigger.definition,
  attackTop5: metrics.attackTop5.definition,
  poisonedAccuracy: metrics.poisonedAccuracy.definition,
  implanted:
    'Implanted: ASR of at least 50 % and at least 10 times the fraction of clean pictures of other classes predicted as the target. On a model that is not implanted, a defence’s result says nothing.',
  interval: 'Wilson 95 % interval.',
} as const;
export type Definition = keyof typeof definitions;
