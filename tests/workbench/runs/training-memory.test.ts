import { expect, test } from 'vitest';
import { methodOf } from '#contract/methods/method-registry.ts';
import { runConfigSchema } from '#contract/run.ts';
import { estimateTrainingBytes } from '#main/workbench/runs/training-memory.ts';

// Peaks of whole processes as docs/performance.md has them, in gigabytes.
test.each([
  ['ViT-B/32', 8, 3.6],
  ['ViT-B/32', 16, 4.31],
  ['ViT-B/32', 32, 4.8],
  ['RN50', 8, 3.4],
  ['RN50', 16, 4.2],
  ['demo', 128, 0.64],
] as const)(
  'the estimate for %s at batch %i is within 25 %% of the measured %d GB',
  (architecture, batchSize, gigabytes) => {
    const config = runConfigSchema.parse({
      start: { kind: 'scratch', architecture },
      data: { kind: 'dataset', id: 'any', selection: { fraction: 1, withoutPoisoned: false } },
      method: 'mmcl',
      settings: { ...methodOf('mmcl').presets[0]!.settings, batchSize },
      seed: 0,
    });
    const estimate = estimateTrainingBytes({ architecture, config }) / 1e9;
    expect(Math.abs(estimate - gigabytes) / gigabytes).toBeLessThan(0.25);
  },
);
