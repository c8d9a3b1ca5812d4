import type { NewDataset, NewRecord } from '#contract/dataset.ts';
import type { NewRun } from '#contract/run.ts';
import type { NewVariant, VariantRecord } from '#contract/variant.ts';

export function datasetNamed(name: string): NewDataset {
  return {
    name,
    source: { kind: 'csv', path: '/data/pairs.csv' },
    root: '/data',
    prompts: ['a photo of a {}.'],
    captionTemplates: ['a {class}'],
  };
}

/** Record number i; `over` sets what matters to the test. */
export function recordNumber(i: number, over: Partial<NewRecord> = {}): NewRecord {
  return {
    key: `images/${i}.png`,
    caption: `picture ${i}`,
    label: null,
    name: null,
    split: 'train',
    sha256: i.toString(16).padStart(64, '0'),
    width: 32,
    height: 24,
    ...over,
  };
}

export function variantNamed(name: string, datasetId: string): NewVariant {
  return {
    name,
    datasetId,
    recipe: {
      trigger: {
        kind: 'patch',
        size: 2,
        pattern: ['10', '01'],
        place: { kind: 'corner', corner: 'bottom-right', margin: 1 },
      },
      resolution: 32,
      target: 'fruit',
      amount: { kind: 'count', count: 2 },
      captionTemplates: ['a {class}'],
      seed: 1,
    },
    manifestSha256: 'ab'.repeat(32),
  };
}

export function changed(recordId: number, i: number): VariantRecord {
  return {
    recordId,
    key: `images/${i}.png`,
    oldCaption: `picture ${i}`,
    newCaption: 'a fruit',
    renderedSha256: 'cd'.repeat(32),
    part: 0,
  };
}

export function runNamed(name: string, datasetId: string, over: Partial<NewRun> = {}): NewRun {
  return {
    name,
    kind: 'train',
    config: {
      kind: 'train',
      architecture: 'demo',
      epochs: 12,
      batchSize: 128,
      learningRate: 1e-3,
      warmupSteps: 100,
      schedule: 'cosine',
      weightDecay: 0.1,
      lambda: 0,
      imageAugmentation: 'shift',
      share: 1,
      seed: 0,
    },
    datasetId,
    variantId: null,
    parentModelId: null,
    totalSteps: 540,
    ...over,
  };
}
