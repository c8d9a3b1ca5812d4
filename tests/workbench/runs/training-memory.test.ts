import { expect, test } from 'vitest';
import { methodOf } from '#contract/methods/method-registry.ts';
import { runConfigSchema } from '#contract/run.ts';
import {
  adviseOnMemory,
  estimateTrainingBytes,
  fittingBatchSize,
} from '#main/workbench/runs/training-memory.ts';

// Peaks of whole processes as docs/performance.md and `ccw bench step` have them, in gigabytes.
test.each([
  ['ViT-B/32', 'mmcl', 8, 3.6],
  ['ViT-B/32', 'mmcl', 16, 4.34],
  ['ViT-B/32', 'mmcl', 32, 4.8],
  ['ViT-B/32', 'cleanclip', 16, 5.45],
  ['RN50', 'mmcl', 8, 3.4],
  ['RN50', 'mmcl', 16, 4.2],
  ['demo', 'mmcl', 128, 0.67],
  ['demo', 'cleanclip', 128, 0.84],
] as const)(
  'the estimate for %s, %s at batch %i is within 25 %% of the measured %d GB',
  (architecture, method, batchSize, gigabytes) => {
    const config = runConfigSchema.parse({
      start: { kind: 'scratch', architecture },
      data: { kind: 'dataset', id: 'any', selection: { fraction: 1, withoutPoisoned: false } },
      method,
      settings: { ...methodOf(method).presets[0]!.settings, batchSize },
      seed: 0,
    });
    const estimate = estimateTrainingBytes({ architecture, config }) / 1e9;
    expect(Math.abs(estimate - gigabytes) / gigabytes).toBeLessThan(0.25);
  },
);

const runOf = (architecture: string, method: 'mmcl' | 'supervised', batchSize: number) => ({
  architecture,
  config: runConfigSchema.parse({
    start: { kind: 'scratch', architecture },
    data: { kind: 'dataset', id: 'any', selection: { fraction: 1, withoutPoisoned: false } },
    method,
    settings: { ...methodOf(method).presets[0]!.settings, batchSize },
    seed: 0,
  }),
});

test('what fits is the largest power of two below the batch whose estimate is within the memory', () => {
  const run = runOf('ViT-B/32', 'mmcl', 256);
  const bytes = 8e9;
  const fitting = fittingBatchSize(run, bytes)!;
  // 0.5 GB, 20 bytes for each of 151 million parameters and 50 MB a pair leave room for 89 pairs.
  expect(fitting).toBe(64);
  expect(estimateTrainingBytes(runOf('ViT-B/32', 'mmcl', fitting))).toBeLessThanOrEqual(bytes);
  expect(estimateTrainingBytes(runOf('ViT-B/32', 'mmcl', 2 * fitting))).toBeGreaterThan(bytes);
  expect(fittingBatchSize(runOf('ViT-B/32', 'mmcl', 64), 20e9)).toBe(32);
  expect(fittingBatchSize(run, 2e9)).toBeNull();
});

test('after the memory ran out the batch that fits is named, and parts where the method has them', () => {
  expect(adviseOnMemory(runOf('ViT-B/32', 'mmcl', 256), 8e9)).toBe(
    'By the estimate a batch size of 64 fits the 8 GB that programs may use here. A part size of 64 keeps the batch of 256.',
  );
  expect(adviseOnMemory(runOf('RN50', 'supervised', 64), null)).toBe('Try a batch size of 32 or less.');
  expect(adviseOnMemory(runOf('RN50', 'mmcl', 64), 2e9)).toContain('choose a smaller architecture');
});

test('the peak of a batch in parts is that of a part', () => {
  const { architecture, config } = runOf('ViT-B/32', 'mmcl', 256);
  const inParts = runConfigSchema.parse({ ...config, settings: { ...config.settings, partSize: 8 } });
  const estimate = estimateTrainingBytes({ architecture, config: inParts }) / 1e9;
  // Measured in parts of 8 (docs/performance.md).
  expect(Math.abs(estimate - 4.61) / 4.61).toBeLessThan(0.25);
});
