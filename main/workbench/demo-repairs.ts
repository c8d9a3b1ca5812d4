import type { Dataset } from '#contract/dataset.ts';
import type { PartialConfig } from './runs/complete-config.ts';

/** What both have in the demo beside their presets; docs/decisions/0070 says why. */
const shared = { epochs: 6, learningRate: 8e-4 } as const;

const settings = {
  cleanclip: { ...shared, lambda: 6, pairEpochs: 3, viewAugmentation: 'small-erased' },
  mmcl: shared,
} as const;

/**
 * CleanCLIP, or the same finetuning without the self-supervised term, as the demo runs it: on all of its pairs.
 * @param model to repair, by name
 */
export function repairForDemo(
  method: keyof typeof settings,
  model: string,
  dataset: Pick<Dataset, 'id'>,
  seed: number,
): PartialConfig {
  return {
    start: { kind: 'model', model },
    data: { kind: 'dataset', id: dataset.id },
    method,
    settings: settings[method],
    seed,
  };
}
