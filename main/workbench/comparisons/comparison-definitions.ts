import type { EvaluationView } from '#contract/api/models.ts';
import { metricNames, metrics } from '#contract/metrics.ts';

/** What the numbers mean, for whoever finds the file. */
export const definitions = {
  ...Object.fromEntries(Object.entries(metrics).map(([name, { definition }]) => [name, definition])),
  trainedOn: 'Whether the model, or one before it, was trained on the variant that it is attacked with.',
  notes: 'Why the numbers of a run cannot be put beside those of the first measured one.',
  ca: 'Clean accuracy: fraction of clean test pictures whose first prediction is their label.',
  asr: 'Attack success rate: over test pictures whose label is not the target, the fraction predicted as the target once the trigger is applied.',
  attack:
    'What the model was attacked with: `number` says which attack of the variant, from 1, `of` how many it has.',
  implanted:
    'ASR of at least 50 % and at least 10 times the fraction of clean pictures of other classes predicted as the target.',
  shares: 'hits of count; low and high: Wilson 95 % interval.',
  changes:
    'Differences to the baseline on the same pictures: value, and low and high of the paired bootstrap 95 % interval (2,000 resamples of the pictures); null where pictures or attack are not the same.',
  groups: "Mean over seeds with Student's t interval at 95 %.",
};

/** Definitions of what these hold, by their names: metrics that none of them has are left out. */
export function definitionsOf(
  evaluations: readonly Pick<EvaluationView, 'metrics'>[],
): [name: string, text: string][] {
  const found = metricNames.filter((name) => evaluations.some(({ metrics }) => metrics[name] !== undefined));
  const { ca, asr, trainedOn, implanted } = definitions;
  return [
    ['CA', ca],
    ['ASR', asr],
    ...found.map((name): [string, string] => [metrics[name].label, metrics[name].definition]),
    ['Trained on it', trainedOn],
    ['Implanted', implanted],
  ];
}
