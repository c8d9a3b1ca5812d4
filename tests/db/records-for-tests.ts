import type { NewDataset, NewRecord } from '#contract/dataset.ts';
import { type MethodName, presetFor } from '#contract/methods/method-registry.ts';
import { type NewRun, runConfigSchema } from '#contract/run.ts';
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
      parts: [
        {
          trigger: {
            kind: 'patch',
            size: 2,
            pattern: ['10', '01'],
            place: { kind: 'corner', corner: 'bottom-right', margin: 1 },
          },
          target: 'fruit',
          amount: { kind: 'count', count: 2 },
          captionTemplates: ['a {class}'],
        },
      ],
      resolution: 32,
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

export function runNamed(
  name: string,
  datasetId: string,
  over: Partial<NewRun> & { method?: MethodName } = {},
): NewRun {
  const { parentModelId = null, variantId = null, method = 'mmcl', ...rest } = over;
  return {
    name,
    config: runConfigSchema.parse({
      start:
        parentModelId === null
          ? { kind: 'scratch', architecture: 'demo' }
          : { kind: 'model', model: parentModelId },
      data: {
        kind: variantId === null ? 'dataset' : 'variant',
        id: variantId ?? datasetId,
        selection: { fraction: 1, withoutPoisoned: false },
      },
      method,
      settings: presetFor(method, parentModelId === null ? 'scratch' : 'model').settings,
      seed: 0,
    }),
    architecture: 'demo',
    datasetId,
    variantId,
    parentModelId,
    totalSteps: 540,
    leftOut: 0,
    ...rest,
  };
}
