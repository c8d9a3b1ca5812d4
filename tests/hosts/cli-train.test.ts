import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runConfigSchema } from '#contract/run.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder } from '../workbench/fixtures.ts';
import { type CliResult, collect, jsonLines, runCli, runJson, startCli } from './run-cli.ts';

/** 26 pairs in batches of 8: 3 steps an epoch. */
const epochs = 12;
const totalSteps = 36;
const common = ['train', '--variant', 'poison', '--architecture', 'demo', '--batch-size', '8'].concat([
  '--warmup-steps',
  '2',
  '--seed',
  '3',
  '--no-measure',
]);
const train = [...common, '--epochs', String(epochs)];
/** So long that it is at work until it is stopped, however fast the machine is. */
const endless = [...common, '--epochs', '10000'];

const startedSchema = z.object({ event: z.literal('started'), runId: z.string(), enginePid: z.number() });
const checkpointSchema = z.object({ event: z.literal('checkpoint'), step: z.number().min(6) });
const reportSchema = z.strictObject({
  runId: z.string(),
  modelId: z.string(),
  finalLoss: z.number(),
  seconds: z.number().positive(),
  weightsSha256: z.string().regex(/^[0-9a-f]{64}$/),
  resumedFromStep: z.number().nullable(),
});
const runSchema = z.strictObject({
  runId: z.string(),
  name: z.string(),
  kind: z.string(),
  state: z.string(),
  step: z.number(),
  totalSteps: z.number(),
  parentModelId: z.string().nullable(),
  modelId: z.string().nullable(),
});
const listedSchema = runSchema.extend({
  dataset: z.literal('colours'),
  variant: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  attack: z.looseObject({ trigger: z.literal('patch'), target: z.literal('red') }).nullable(),
  ca: z.number().nullable(),
  asr: z.number().nullable(),
  targetWithoutTrigger: z.number().optional(),
  poisonedAccuracy: z.number().optional(),
  attackTop5: z.number().optional(),
  tags: z.array(z.string()),
});
const shownSchema = runSchema.extend({ config: runConfigSchema, leftOut: z.number() });

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
let whole: z.infer<typeof reportSchema>;

beforeAll(async () => {
  temporary = makeFolder();
  folder = join(temporary.folder, 'workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
  const variant = ['variant', 'create', '--dataset', 'colours', '--patch-size', '3', '--resolution', '12'];
  await runJson(folder, ...variant, '--target', 'red', '--count', '4', '--name', 'poison');
  whole = reportSchema.parse(await runJson(folder, ...train, '--name', 'whole'));
});
afterAll(() => temporary.remove());

interface RunningTraining {
  child: ChildProcess;
  enginePid: number;
  ended: Promise<CliResult>;
}

/** Starts a training and waits until it has gone on past its second checkpoint. */
function startTraining(name: string, words = train): Promise<RunningTraining> {
  const child = startCli(folder, [...words, '--name', name, '--json']);
  return new Promise((resolve, reject) => {
    let enginePid = 0;
    const ended = collect(child, (line) => {
      const event: unknown = JSON.parse(line);
      const started = startedSchema.safeParse(event);
      if (started.success) enginePid = started.data.enginePid;
      if (checkpointSchema.safeParse(event).success) resolve({ child, enginePid, ended });
    });
    ended.then(({ stderr }) => reject(new Error(stderr)), reject);
  });
}

async function showRun(name: string): Promise<z.infer<typeof shownSchema>> {
  return shownSchema.parse(await runJson(folder, 'runs', 'show', name));
}

async function expectResumeToEndAlike(name: string): Promise<void> {
  const report = reportSchema.parse(await runJson(folder, 'runs', 'resume', name));
  expect(report.resumedFromStep).toBeGreaterThan(0);
  expect(report.resumedFromStep).toBeLessThan(totalSteps);
  expect(report.weightsSha256).toBe(whole.weightsSha256);
  expect(report.finalLoss).toBe(whole.finalLoss);
  expect(await showRun(name)).toMatchObject({ state: 'done', step: totalSteps, modelId: report.modelId });
}

describe('train', () => {
  it('prints when it starts and how it ended, and leaves a model', async () => {
    expect(whole.resumedFromStep).toBeNull();
    expect(await showRun('whole')).toEqual({
      runId: whole.runId,
      name: 'whole',
      kind: 'train',
      state: 'done',
      step: totalSteps,
      totalSteps,
      parentModelId: null,
      modelId: whole.modelId,
      config: {
        start: { kind: 'scratch', architecture: 'demo' },
        data: {
          kind: 'variant',
          id: expect.stringMatching(/^va_/),
          selection: { fraction: 1, withoutPoisoned: false },
        },
        method: 'mmcl',
        settings: {
          epochs,
          batchSize: 8,
          learningRate: 1e-3,
          warmupSteps: 2,
          schedule: 'cosine',
          weightDecay: 0.1,
          imageAugmentation: 'shift',
          partSize: 0,
          precision: 'float32',
          partBatchNorm: false,
          moments: 'fresh',
          mix: 1,
        },
        seed: 3,
      },
      leftOut: 0,
    });
    const again = await runCli(folder, 'runs', 'resume', 'whole', '--json');
    expect(again.code).toBe(1);
    expect(jsonLines(again)).toMatchObject([{ error: { kind: 'conflict' } }]);
  });

  it('says what to change where the data do not fill a batch', async () => {
    const result = await runCli(folder, 'train', '--variant', 'poison', '--batch-size', '64', '--json');
    expect(result.code).toBe(1);
    expect(jsonLines(result)).toMatchObject([{ error: { kind: 'bad-input', details: { pairs: 26 } } }]);
    expect(result.stderr).toContain('--batch-size');
  });
});

describe('an interrupted run', () => {
  it('goes on after kill -9 of the engine and ends with the same weights', async () => {
    const { enginePid, ended } = await startTraining('engine-killed');
    process.kill(enginePid, 'SIGKILL');
    const result = await ended;
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('ccw runs resume engine-killed');
    expect(jsonLines(result).at(-1)).toMatchObject({ error: { kind: 'engine-ended' } });
    expect(await showRun('engine-killed')).toMatchObject({ state: 'interrupted', modelId: null });
    await expectResumeToEndAlike('engine-killed');
  });

  it('goes on after kill -9 of the whole program, whose engine ends by itself', async () => {
    const { child, enginePid, ended } = await startTraining('program-killed');
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => isAlive(enginePid), { timeout: 20_000 }).toBe(false);
    const runs = z.array(listedSchema).parse(await runJson(folder, 'runs', 'list'));
    expect(runs.find(({ name }) => name === 'program-killed')).toMatchObject({ state: 'interrupted' });
    await expectResumeToEndAlike('program-killed');
  });

  it('is left by Ctrl-C with a checkpoint of where it stopped', async () => {
    const { child, ended } = await startTraining('stopped');
    child.kill('SIGINT');
    const result = await ended;
    expect(result.code).toBe(1);
    expect(jsonLines(result).at(-1)).toMatchObject({ error: { kind: 'cancelled' } });
    expect(result.stderr).toContain('ccw runs resume stopped');
    expect(await showRun('stopped')).toMatchObject({ state: 'interrupted' });
    await expectResumeToEndAlike('stopped');
  });
});

describe('one program at a time', () => {
  it('refuses a second job while the first runs, and shows the first as running', async () => {
    const { child, ended } = await startTraining('first', endless);
    const second = await runCli(folder, 'evaluate', '--model', 'whole', '--json');
    expect(second.code).toBe(1);
    expect(jsonLines(second)).toMatchObject([{ error: { kind: 'busy' } }]);
    expect(await showRun('first')).toMatchObject({ state: 'running' });
    child.kill('SIGINT');
    await ended;
  });
});

describe('any method on any start and any data', () => {
  const short = ['--epochs', '1', '--batch-size', '8', '--warmup-steps', '1', '--no-measure'];
  const run = async (...args: string[]) => reportSchema.parse(await runJson(folder, ...args, ...short));

  it('poisons a model by finetuning', async () => {
    await run('train', '--variant', 'poison', '--start', 'whole', '--name', 'again');
    expect(await showRun('again')).toMatchObject({
      kind: 'mmcl',
      parentModelId: whole.modelId,
      config: { start: { kind: 'model', model: whole.modelId }, data: { kind: 'variant' } },
    });
  });

  it('repairs without the records that were poisoned, and says how many it left out', async () => {
    const { changed } = z
      .object({ changed: z.number() })
      .parse(await runJson(folder, 'variant', 'show', 'poison'));
    await run(
      'defend',
      '--model',
      'whole',
      '--method',
      'mmcl',
      '--without-poisoned',
      '--epochs',
      '1',
      '--batch-size',
      '8',
      '--warmup-steps',
      '1',
      '--name',
      'without',
    );
    expect(await showRun('without')).toMatchObject({
      leftOut: changed,
      config: { data: { kind: 'dataset', selection: { fraction: 0.5, withoutPoisoned: true } } },
    });
  });

  it('trains from scratch by a method of repair, and repairs on data that still holds poison', async () => {
    await run('train', '--dataset', 'colours', '--method', 'cleanclip', '--name', 'both');
    expect(await showRun('both')).toMatchObject({ kind: 'train', config: { method: 'cleanclip' } });
    await run('defend', '--model', 'both', '--variant', 'poison', '--method', 'ssl-only', '--name', 'still');
    expect(await showRun('still')).toMatchObject({ kind: 'ssl-only', config: { data: { kind: 'variant' } } });
  });

  it('lists the methods with JSON Schemas that their presets keep to', async () => {
    const methods = z
      .array(
        z.object({
          name: z.string(),
          label: z.string(),
          needs: z.record(z.string(), z.unknown()),
          settings: z.object({ properties: z.record(z.string(), z.object({ title: z.string() })) }),
          presets: z.array(z.object({ settings: z.record(z.string(), z.unknown()) })).min(1),
        }),
      )
      .parse(await runJson(folder, 'methods'));
    expect(methods.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['mmcl', 'cleanclip', 'ssl-only', 'supervised', 'linear-probe']),
    );
    for (const { settings, presets } of methods) {
      for (const preset of presets) {
        expect(Object.keys(preset.settings).sort()).toEqual(Object.keys(settings.properties).sort());
      }
    }
  });

  it('names a setting that the method does not have, and two starts at once', async () => {
    const foreign = await runCli(folder, 'train', '--dataset', 'colours', '--lambda', '4', '--json');
    expect(foreign.code).toBe(2);
    expect(foreign.stderr).toContain('--lambda is no setting of mmcl');
    const both = ['train', '--dataset', 'colours', '--start', 'whole', '--architecture', 'demo'];
    expect((await runCli(folder, ...both)).code).toBe(2);
  });
});

describe('defend, evaluate and compare', () => {
  it('repair the model, measure it, and say what differs', async () => {
    const share = ['--share', '0.7', '--epochs', '2', '--batch-size', '8', '--warmup-steps', '2'];
    share.push('--no-measure');
    for (const method of ['cleanclip', 'mmcl', 'supervised']) {
      const args = ['defend', '--model', 'whole', '--dataset', 'colours', '--method', method, ...share];
      const report = reportSchema.parse(await runJson(folder, ...args, '--name', method));
      expect(report.resumedFromStep).toBeNull();
      expect(await showRun(method)).toMatchObject({ kind: method, parentModelId: whole.modelId });
    }
    const evaluation = z
      .strictObject({
        ca: z.number(),
        asr: z.number(),
        implanted: z.boolean(),
        attack: z.object({ variant: z.literal('poison'), trainedOn: z.literal(true) }),
        targetWithoutTrigger: z.number(),
        poisonedAccuracy: z.number(),
        attackTop5: z.number(),
        testSplit: z.literal('test'),
        trainingPictures: z.literal(false),
        targetIsClass: z.literal(true),
        // The model was trained with the dataset's prompts.
        unseenTokens: z.tuple([]),
        counts: z.strictObject({ clean: z.literal(9), attacked: z.literal(6) }),
        perClass: z.array(
          z.strictObject({
            class: z.string(),
            count: z.literal(3),
            accuracy: z.number(),
            attackSuccess: z.number().nullable(),
          }),
        ),
      })
      .parse(
        await runJson(folder, 'evaluate', '--model', 'whole', '--dataset', 'colours', '--variant', 'poison'),
      );
    expect(evaluation.perClass.map((row) => row.class)).toEqual(['blue', 'green', 'red']);
    expect(evaluation.perClass.map((row) => row.attackSuccess === null)).toEqual([false, false, true]);

    const compared = await runJson(folder, 'compare', 'whole', 'cleanclip', 'mmcl', 'supervised');
    expect(compared).toMatchObject({
      runs: ['whole', 'cleanclip', 'mmcl', 'supervised'].map((name) => ({
        runId: expect.any(String),
        name,
        ca: expect.any(Number),
        asr: expect.any(Number),
      })),
      differences: {
        method: { whole: 'mmcl', cleanclip: 'cleanclip', mmcl: 'mmcl', supervised: 'supervised' },
        lambda: { whole: null, cleanclip: 4, mmcl: null, supervised: null },
        variant: { whole: 'poison', cleanclip: null, mmcl: null, supervised: null },
      },
    });
    const retrieval = z
      .object({ imageToText1: z.number(), textToImage10: z.literal(1), attackedRetrieval: z.literal(1) })
      .parse(await runJson(folder, 'evaluate', '--model', 'whole', '--variant', 'poison', '--retrieval'));
    const control = compared as { runs: { ca: number; change: { ca: { value: number } } | null }[] };
    expect(control.runs[0]?.change).toBeNull();
    expect(control.runs[2]?.change?.ca.value).toBeCloseTo(
      (control.runs[2]?.ca ?? 0) - (control.runs[0]?.ca ?? 0),
      12,
    );
    const clean = await runCli(folder, 'evaluate', '--model', 'whole', '--rebound', '--json');
    expect(clean.stdout + clean.stderr).toContain('nothing was attacked');
    // Of nine test pictures all are among the first ten.
    expect(retrieval.imageToText1).toBeLessThanOrEqual(1);
    expect(compared).not.toHaveProperty('differences.batchSize');
    expect(compared).toHaveProperty('runs.0.ca', evaluation.ca);
    expect(compared).toHaveProperty('runs.0.asr', evaluation.asr);
    const filter = ['--filter', 'method:cleanclip lambda >= 4 -state:failed start:whole'];
    const listed = z.array(listedSchema).parse(await runJson(folder, 'runs', 'list', ...filter));
    expect(listed).toMatchObject([
      {
        name: 'cleanclip',
        settings: { lambda: 4, fraction: 0.7, seed: 0 },
        attack: { variant: 'poison', poisons: 4 },
      },
    ]);
    const groups = await runJson(folder, 'runs', 'list', '--filter', 'start:whole', '--group', 'method');
    const { ca } = listed[0] ?? {};
    expect(groups).toContainEqual(
      expect.objectContaining({
        group: { method: 'cleanclip' },
        count: 1,
        ca: { mean: expect.closeTo(ca ?? Number.NaN, 10), low: null, high: null, count: 1 },
      }),
    );
    const wrong = await runCli(folder, 'runs', 'list', '--filter', 'lamda > 1', '--json');
    expect(jsonLines(wrong)).toMatchObject([{ error: { kind: 'bad-input', message: expect.any(String) } }]);
    // Three classes: the target is always among the first five.
    expect(evaluation.attackTop5).toBe(1);
    // A picture is predicted as its own label or as the target, or as neither.
    expect(evaluation.poisonedAccuracy + evaluation.asr).toBeLessThanOrEqual(1);
  });
});

describe('a variant with several attacks', () => {
  it('is measured under the one that is asked for, or under each', async () => {
    const part = JSON.stringify({ trigger: 'stripes', target: 'blue', amount: { kind: 'count', count: 3 } });
    const variant = ['variant', 'create', '--dataset', 'colours', '--patch-size', '3', '--resolution', '12'];
    await runJson(folder, ...variant, '--target', 'red', '--count', '4', '--part', part, '--name', 'two');
    const evaluate = ['evaluate', '--model', 'whole', '--variant', 'two'];

    const all = await runJson(folder, ...evaluate, '--attack', 'all');
    const attack = { variant: 'two', of: 2, trainedOn: false };
    expect(all).toMatchObject([
      { attack: { ...attack, number: 1, trigger: 'patch', target: 'red' } },
      { attack: { ...attack, number: 2, trigger: 'stripes', target: 'blue' } },
    ]);
    const second = await runCli(folder, ...evaluate, '--attack', '2');
    expect(second.code).toBe(0);
    expect(second.stdout).toContain("attack 2 of the 2 of 'two': stripes -> 'blue'\n");
    expect(second.stdout).toContain('The model was never trained on this attack.\n');
    expect(second.stdout).toMatch(/\nASR .* of 6 triggered images predicted as 'blue'/);
    const third = await runCli(folder, ...evaluate, '--attack', '3', '--json');
    expect(third.code).toBe(1);
    expect(jsonLines(third)).toMatchObject([
      { error: { kind: 'bad-input', message: "Variant 'two' has 2 attacks: there is no attack 3." } },
    ]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
