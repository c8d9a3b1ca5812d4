import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runPresets } from '#contract/presets.ts';
import type { TrainingConfig } from '#contract/run.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { planTraining, type TrainRequest } from '#main/workbench/runs/run-plans.ts';
import { countSteps, countTrainingPairs, trainingPairs } from '#main/workbench/runs/training-pairs.ts';
import { createVariant, describeVariant } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, silentContext } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
beforeEach(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
});
afterEach(() => {
  workspace.close();
  temporary.remove();
});

const config = (changes: Partial<TrainingConfig>): TrainingConfig => ({
  ...runPresets.train,
  architecture: 'demo',
  seed: 0,
  batchSize: 4,
  epochs: 2,
  ...changes,
});
const choice = (changes: Partial<TrainingConfig> = {}, variantId: string | null = null) => ({
  dataset: findDataset(workspace.db, 'colours'),
  variantId,
  config: config(changes),
});
const poison = () =>
  createVariant(
    workspace,
    {
      dataset: 'colours',
      name: 'poison',
      recipe: {
        trigger: defaultPatch(3, 12),
        resolution: 12,
        target: 'red',
        amount: { kind: 'count', count: 5 },
        captionTemplates: null,
        seed: 1,
      },
    },
    silentContext(),
  );

describe('trainingPairs', () => {
  it('gives every training pair, changed by the variant', async () => {
    const variant = await poison();
    const changed = describeVariant(workspace, variant.id).records;
    const captions = new Map(changed.map(({ key, newCaption }) => [key, newCaption]));
    const pairs = [...trainingPairs(workspace, choice({}, variant.id))];
    expect(pairs).toHaveLength(26);
    for (const pair of pairs) {
      expect(pair.poisoned).toBe(captions.has(pair.key));
      if (pair.poisoned) expect(pair.caption).toBe(captions.get(pair.key));
      expect(pair.image).toBe(join(temporary.folder, 'pictures', pair.key));
    }
  });

  it('takes the share with the smallest SHA-256 of clean: and the key, in the order of import', () => {
    const keys = [...trainingPairs(workspace, choice())].map(({ key }) => key);
    const digest = (key: string) => createHash('sha256').update(`clean:${key}`).digest('hex');
    const smallest = [...keys].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)).slice(0, 13);
    const expected = keys.filter((key) => smallest.includes(key));
    expect([...trainingPairs(workspace, choice({ share: 0.5 }))].map(({ key }) => key)).toEqual(expected);
  });

  it('gives supervised runs the labelled pairs only', () => {
    const pairs = [...trainingPairs(workspace, choice({ kind: 'supervised' }))];
    expect(pairs).toHaveLength(24);
    expect(pairs.every(({ label }) => label !== null)).toBe(true);
  });
});

describe('countSteps', () => {
  it('leaves out the last batch where it is not full, and rounds the share down', () => {
    // 26 pairs: 6 batches of 4; 0.5 of them 13: 3 batches; 24 labelled ones: 6.
    expect(countSteps(workspace, choice())).toBe(12);
    expect(countTrainingPairs(workspace, choice({ share: 0.33 }))).toBe(8);
    expect(countSteps(workspace, choice({ share: 0.5 }))).toBe(6);
    expect(countSteps(workspace, choice({ kind: 'supervised' }))).toBe(12);
  });

  it('says what to change where there is not one batch', () => {
    expect(() => countSteps(workspace, choice({ batchSize: 27 }))).toThrow(
      expect.objectContaining({ kind: 'bad-input', details: { pairs: 26, batchSize: 27, share: 1 } }),
    );
  });
});

describe('planTraining', () => {
  const request = (changes: Partial<TrainRequest> = {}): TrainRequest => ({
    variant: null,
    dataset: 'colours',
    architecture: 'demo',
    name: null,
    settings: { batchSize: 4 },
    ...changes,
  });

  it('fills in the preset of its kind', () => {
    const plan = planTraining(workspace, request({ settings: { batchSize: 4, seed: 9 } }));
    // shared/demo/recipe.json: train, with more epochs (docs/demo.md).
    expect(plan.config).toEqual({
      kind: 'train',
      architecture: 'demo',
      epochs: 16,
      batchSize: 4,
      learningRate: 1e-3,
      warmupSteps: 100,
      schedule: 'cosine',
      weightDecay: 0.1,
      lambda: 0,
      imageAugmentation: 'shift',
      share: 1,
      seed: 9,
    });
    expect(plan).toMatchObject({ name: 'colours-clean-train', variantId: null, totalSteps: 96 });
  });

  it('takes the dataset of the variant and refuses another', async () => {
    const variant = await poison();
    const plan = planTraining(workspace, request({ variant: 'poison', dataset: null }));
    expect(plan).toMatchObject({ variantId: variant.id, datasetId: variant.datasetId });
    await importSmallDataset(workspace, join(temporary.folder, 'copy'), 'copy');
    expect(() => planTraining(workspace, request({ variant: 'poison', dataset: 'copy' }))).toThrow(
      expect.objectContaining({ kind: 'bad-input' }),
    );
  });

  it('has no self-supervised term to weigh, and no views to make', () => {
    const settings = { batchSize: 4, lambda: 4, viewAugmentation: 'autoaugment' } as const;
    const { config } = planTraining(workspace, request({ settings }));
    expect(config.lambda).toBe(0);
    expect(config).not.toHaveProperty('viewAugmentation');
  });

  it('refuses settings out of range by name', () => {
    expect(() => planTraining(workspace, request({ settings: { batchSize: 4, share: 2 } }))).toThrow(
      expect.objectContaining({ kind: 'bad-input', message: expect.stringContaining('share') }),
    );
  });
});
