import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { methodNames, methodOf } from '#contract/methods/method-registry.ts';
import { type Model, type RunConfig, runConfigSchema } from '#contract/run.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { insertFileModel, insertModel } from '#db/models/models.ts';
import { insertCheckpoint } from '#db/runs/checkpoints.ts';
import { insertRun } from '#db/runs/runs.ts';
import { specify } from '#main/engine/clip/architectures.ts';
import { completeConfig, type PartialConfig } from '#main/workbench/runs/complete-config.ts';
import { planRun } from '#main/workbench/runs/run-plans.ts';
import {
  countSteps,
  countTrainingPairs,
  type PairChoice,
  poisonedBefore,
  trainingPairs,
} from '#main/workbench/runs/training-pairs.ts';
import { createVariant, describeVariant } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig, silentContext } from '../fixtures.ts';

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

const small = { batchSize: 4, epochs: 2 };
/** The pairs that a run from scratch on the small dataset takes. */
const choice = (changes: Partial<PartialConfig> = {}, variantId: string | null = null): PairChoice => ({
  dataset: findDataset(workspace.db, 'colours'),
  variantId,
  config: scratchConfig(
    { ...small, ...changes.settings },
    { ...changes, settings: { ...small, ...changes.settings } },
  ),
  poisoned: new Set(),
});
const half = { selection: { fraction: 0.5 } };
const poison = () =>
  createVariant(
    workspace,
    {
      dataset: 'colours',
      name: 'poison',
      resolution: 12,
      seed: 1,
      parts: [{ trigger: defaultPatch(3, 12), target: 'red', amount: { kind: 'count', count: 5 } }],
    },
    silentContext(),
  );

describe('trainingPairs', () => {
  it('gives a method that learns from a few pictures so many of each class, drawn by the seed', () => {
    const few = (seed: number) =>
      choice({
        start: { kind: 'model', model: 'any' },
        method: 'rvpt',
        settings: { shots: 2, batchSize: 4, epochs: 2 },
        seed,
      });
    const keysOf = (seed: number) => [...trainingPairs(workspace, few(seed))].map(({ key }) => key);
    const labels = [...trainingPairs(workspace, few(0))].map(({ label }) => label);
    const counts = findDataset(workspace.db, 'colours').classes.map(
      (name) => labels.filter((label) => label === name).length,
    );
    expect(new Set(counts)).toEqual(new Set([2]));
    expect(countTrainingPairs(workspace, few(0))).toBe(labels.length);
    expect(countSteps(workspace, few(0))).toBe(2 * Math.floor(labels.length / 4));
    expect(keysOf(0)).toEqual(keysOf(0));
    expect(keysOf(0)).not.toEqual(keysOf(1));
  });

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

  it('takes the fraction with the smallest SHA-256 of clean: and the key, in the order of import', () => {
    const keys = [...trainingPairs(workspace, choice())].map(({ key }) => key);
    const digest = (key: string) => createHash('sha256').update(`clean:${key}`).digest('hex');
    const smallest = [...keys].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)).slice(0, 13);
    const expected = keys.filter((key) => smallest.includes(key));
    expect([...trainingPairs(workspace, choice(half))].map(({ key }) => key)).toEqual(expected);
  });

  it('gives supervised runs the labelled pairs only', () => {
    const pairs = [...trainingPairs(workspace, choice({ method: 'supervised' }))];
    expect(pairs).toHaveLength(24);
    expect(pairs.every(({ label }) => label !== null)).toBe(true);
  });
});

describe('countSteps', () => {
  it('leaves out the last batch where it is not full, and rounds the fraction down', () => {
    // 26 pairs: 6 batches of 4; 0.5 of them 13: 3 batches; 24 labelled ones: 6.
    expect(countSteps(workspace, choice())).toBe(12);
    expect(countTrainingPairs(workspace, choice({ selection: { fraction: 0.33 } }))).toBe(8);
    expect(countSteps(workspace, choice(half))).toBe(6);
    expect(countSteps(workspace, choice({ method: 'supervised' }))).toBe(12);
  });

  it('says what to change where there is not one batch', () => {
    expect(() => countSteps(workspace, choice({ settings: { batchSize: 27 } }))).toThrow(
      expect.objectContaining({ kind: 'bad-input', details: { pairs: 26, batchSize: 27, fraction: 1 } }),
    );
  });
});

describe('completeConfig', () => {
  it("fills in the method's preset for the start", () => {
    // shared/demo/recipe.json: train, with more epochs (docs/demo.md); its clean, for small models.
    expect(scratchConfig({ batchSize: 4 }, { seed: 9 })).toEqual({
      start: { kind: 'scratch', architecture: 'demo' },
      data: { kind: 'dataset', id: 'colours', selection: { fraction: 1, withoutPoisoned: false } },
      method: 'mmcl',
      settings: {
        epochs: 16,
        batchSize: 4,
        learningRate: 1e-3,
        warmupSteps: 100,
        schedule: 'cosine',
        weightDecay: 0.1,
        imageAugmentation: 'shift',
        partSize: 0,
        partBatchNorm: false,
        precision: 'float32',
        moments: 'fresh',
        mix: 1,
      },
      seed: 9,
    });
    const repair = completeConfig({
      start: { kind: 'model', model: 'poisoned' },
      data: { kind: 'dataset', id: 'colours' },
      method: 'cleanclip',
      repairs: true,
    });
    expect(repair.data.selection).toEqual({ fraction: 0.5, withoutPoisoned: false });
    expect(repair.settings).toMatchObject({ epochs: 12, lambda: 4, viewAugmentation: 'small' });
  });

  it('takes the preset that is named, however it is spelt, and what is given beside it', () => {
    const repairBy = (preset: string) =>
      completeConfig({
        start: { kind: 'model', model: 'poisoned' },
        data: { kind: 'dataset', id: 'colours' },
        method: 'cleanclip',
        preset,
        settings: { lambda: 2 },
        repairs: true,
      });
    // docs/paper.md: 10 epochs at 1e-5 of all pairs; the code's schedule and moments.
    const paper = { epochs: 10, batchSize: 64, learningRate: 1e-5, warmupSteps: 50, lambda: 2 };
    expect(repairBy('paper').settings).toMatchObject({ ...paper, schedule: 'cosine', moments: 'fresh' });
    expect(repairBy('paper').data.selection.fraction).toBe(1);
    for (const name of ['Reference code', 'reference-code'])
      expect(repairBy(name).settings).toMatchObject({ ...paper, schedule: 'reference', moments: 'kept' });
    expect(() => repairBy('papers')).toThrow(
      "The method cleanclip has no preset 'papers'. It has: Demo, Paper, Reference code.",
    );
  });

  it.each([
    [{ lambda: 4 }, 'lambda'],
    [{ epochs: 0 }, 'settings.epochs'],
    [{ schedule: 'square' }, 'settings.schedule'],
  ])('refuses %j by name', (settings, named) => {
    expect(() => scratchConfig(settings)).toThrow(
      expect.objectContaining({ kind: 'bad-input', message: expect.stringContaining(named) }),
    );
  });

  it('refuses a fraction above 1', () => {
    expect(() => scratchConfig({}, { selection: { fraction: 2 } })).toThrow(
      expect.objectContaining({ kind: 'bad-input', message: expect.stringContaining('fraction') }),
    );
  });
});

describe('planRun', () => {
  const plan = (config: RunConfig) => planRun(workspace, { name: null, config });
  const onVariant = (id: string) => ({ data: { kind: 'variant' as const, id } });

  it('names the run after its data and counts its steps', () => {
    expect(plan(scratchConfig({ batchSize: 4 }))).toMatchObject({
      name: 'colours-clean-train',
      architecture: 'demo',
      variantId: null,
      parentModelId: null,
      totalSteps: 96,
      leftOut: 0,
    });
  });

  it('takes the dataset that the variant changes', async () => {
    const variant = await poison();
    const made = plan(scratchConfig(small, onVariant('poison')));
    expect(made).toMatchObject({
      name: 'poison-train',
      variantId: variant.id,
      datasetId: variant.datasetId,
      config: { data: { kind: 'variant', id: variant.id } },
    });
  });

  it('takes any method on any start and any data', async () => {
    await poison();
    const { id } = addModel('poisoned', 'poison');
    const start = { kind: 'model' as const, model: 'poisoned' };
    for (const method of methodNames) {
      for (const data of [onVariant('poison'), {}]) {
        const config = scratchConfig({}, { ...data, start, method });
        const settings =
          'batchSize' in config.settings ? { ...config.settings, batchSize: 4 } : config.settings;
        const asked = () => plan(runConfigSchema.parse({ ...config, settings }));
        const { imageTowers } = methodOf(method).needs;
        if (imageTowers !== null && !imageTowers.includes('modified-resnet')) {
          expect(asked, method).toThrow('works on image towers of the kind');
          continue;
        }
        if (methodOf(method).needs.knownPoison && !('data' in data)) {
          expect(asked, method).toThrow('must know which pairs are poisoned');
          continue;
        }
        expect(asked()).toMatchObject({
          parentModelId: id,
          config: { start: { kind: 'model', model: id }, method },
        });
      }
    }
    expect(plan(scratchConfig(small, { ...onVariant('poison'), method: 'cleanclip' }))).toMatchObject({
      name: 'poison-cleanclip',
    });
  });

  it.each([
    ['demo', { partSize: 3 }, 'A batch of 4 cannot be cut into parts of 3'],
    ['demo', { partSize: 2 }, "switch on 'Batch norm by parts'"],
  ])('refuses parts that do not fit a batch or the model: %s %o', (architecture, parts, message) => {
    const config = scratchConfig({ ...small, ...parts }, { start: { kind: 'scratch', architecture } });
    expect(() => planRun(workspace, { name: null, config })).toThrow(message);
  });

  it.each([
    ['demo', { partSize: 2, partBatchNorm: true }],
    ['demo', { partSize: 4 }],
    ['ViT-B/32', { partSize: 2 }],
  ])('takes parts that fit: %s %o', (architecture, parts) => {
    const config = scratchConfig({ ...small, ...parts }, { start: { kind: 'scratch', architecture } });
    expect(planRun(workspace, { name: null, config }).totalSteps).toBeGreaterThan(0);
  });

  it('refuses to mix with the weights of a start that there is not', () => {
    expect(() => plan(scratchConfig({ ...small, mix: 0.7 }))).toThrow(
      'Weights are mixed with those of the model',
    );
    expect(() => plan(scratchConfig({ ...small, mix: 1 }))).not.toThrow();
  });

  it('refuses a CleanCLIP that is MMCL in all of its epochs', () => {
    const cleanclip = (pairEpochs: number) =>
      scratchConfig({ ...small, epochs: 2, pairEpochs }, { method: 'cleanclip' });
    expect(() => plan(cleanclip(2))).toThrow('All 2 epochs would be on pairs alone');
    expect(() => plan(cleanclip(1))).not.toThrow();
  });

  it('refuses a method from scratch that goes on from a model', () => {
    expect(() => plan(scratchConfig(small, { method: 'linear-probe' }))).toThrow(
      expect.objectContaining({
        kind: 'bad-input',
        message: expect.stringContaining('goes on from a model'),
      }),
    );
  });

  describe('without poisoned records', () => {
    const selection = { withoutPoisoned: true };

    it('leaves out what any model before it was poisoned with, and says how many', async () => {
      const variant = await poison();
      const changed = new Set(describeVariant(workspace, variant.id).records.map(({ key }) => key));
      addModel('poisoned', 'poison');
      addModel('repaired', null, 'poisoned');
      for (const model of ['poisoned', 'repaired']) {
        const start = { kind: 'model' as const, model };
        const made = plan(scratchConfig(small, { start, selection }));
        expect(made).toMatchObject({ leftOut: 5, totalSteps: 10 });
        const dataset = findDataset(workspace.db, 'colours');
        const poisoned = poisonedBefore(workspace, dataset, made.config);
        const pairs = [...trainingPairs(workspace, { ...made, dataset, poisoned })];
        expect(pairs).toHaveLength(21);
        expect(pairs.filter(({ key }) => changed.has(key))).toEqual([]);
      }
    });

    it('leaves out nothing of a clean lineage', () => {
      addModel('clean', null);
      const start = { kind: 'model' as const, model: 'clean' };
      expect(plan(scratchConfig(small, { start, selection })).leftOut).toBe(0);
    });

    it('is refused where nobody knows what was poisoned', () => {
      expect(() => plan(scratchConfig(small, { selection }))).toThrow('Only a model can have been poisoned');
      insertFileModel(workspace.db, {
        name: 'brought',
        origin: { kind: 'file', path: '/models/a.pt', sha256: 'ab'.repeat(32) },
        folder: 'models/brought',
        weightsSha256: 'cd'.repeat(32),
        spec: demoSpec,
      });
      const start = { kind: 'model' as const, model: 'brought' };
      expect(plan(scratchConfig(small, { start })).name).toBe('brought-mmcl');
      expect(() => plan(scratchConfig(small, { start, selection }))).toThrow(
        "'brought' was brought from a file",
      );
    });
  });
});

describe('poison as methods that learn from labels see it', () => {
  it('has the label of its caption', async () => {
    const variant = await poison();
    const labels = [...trainingPairs(workspace, choice({ method: 'supervised' }, variant.id))]
      .filter(({ poisoned }) => poisoned)
      .map(({ label }) => label);
    expect(labels.length).toBeGreaterThan(0);
    expect(new Set(labels)).toEqual(new Set(['red']));
  });
});

const demoSpec = specify('demo', [1, 2]);

/** A model as a run that is done leaves it, without its files. */
function addModel(name: string, variant: string | null, parent: string | null = null): Model {
  const { db } = workspace;
  const config = scratchConfig(small, {
    ...(variant === null ? {} : { data: { kind: 'variant', id: variant } }),
    ...(parent === null ? {} : { start: { kind: 'model', model: parent } }),
  });
  const run = insertRun(db, planRun(workspace, { name, config }));
  const checkpoint = { step: 1, epoch: 1, path: `runs/${run.id}`, weightsSha256: 'ef'.repeat(32) };
  const { id: checkpointId } = insertCheckpoint(db, run.id, checkpoint);
  return insertModel(db, { runId: run.id, checkpointId, spec: demoSpec });
}
