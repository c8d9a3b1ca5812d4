import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { listEvaluations } from '#db/models/evaluations.ts';
import { findModel } from '#db/models/models.ts';
import { readSafetensors } from '#main/engine/checkpoints/safetensors.ts';
import { ancestryOfModel } from '#main/workbench/models/ancestry.ts';
import { wholeModelFolder } from '#main/workbench/models/model-folder.ts';
import { resumeRun, showRun, showRuns } from '#main/workbench/runs/runs.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { makeFolder, silentContext } from './fixtures.ts';

const fixture = join(import.meta.dirname, '../fixtures/old-workspace');
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(fixture, name), 'utf8'));
const expected = z
  .object({
    runs: z.array(
      z.object({
        runId: z.string(),
        name: z.string(),
        state: z.string(),
        step: z.number(),
        totalSteps: z.number(),
        parentModelId: z.string().nullable(),
        modelId: z.string().nullable(),
      }),
    ),
    weights: z.record(z.string(), z.string()),
    evaluation: z.object({ ca: z.number(), asr: z.number(), implanted: z.boolean() }),
  })
  .parse(readJson('expected.json'));
let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
beforeAll(() => {
  temporary = makeFolder();
  const folder = join(temporary.folder, 'workspace');
  cpSync(fixture, folder, { recursive: true });
  const db = new SqliteDatabase(join(folder, 'workbench.sqlite'));
  db.prepare('UPDATE datasets SET root = ?').run(join(folder, 'pictures'));
  db.close();
  workspace = openWorkspace(folder);
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

it('opens with every run, model and evaluation as before', () => {
  const shown = showRuns(workspace).map(
    ({ id, name, state, step, totalSteps, parentModelId, modelId, architecture, leftOut }) => ({
      ...{ runId: id, name, state, step, totalSteps, parentModelId, modelId, architecture, leftOut },
    }),
  );
  expect(shown).toEqual(
    expected.runs.map(({ runId, name, state, step, totalSteps, parentModelId, modelId }) => ({
      ...{ runId, name, state, step, totalSteps, parentModelId, modelId },
      ...{ architecture: 'demo', leftOut: 0 },
    })),
  );
  for (const [name, weightsSha256] of Object.entries(expected.weights)) {
    const { id: runId } = showRun(workspace, name);
    expect(findModel(workspace.db, name)).toMatchObject({ weightsSha256, origin: { kind: 'run', runId } });
  }
  const [evaluation, ...others] = listEvaluations(workspace.db, findModel(workspace.db, 'poisoned').id);
  expect(others).toEqual([]);
  const { ca, asr, implanted } = evaluation!.result;
  expect({ ca: ca.value, asr: asr?.value, implanted }).toEqual(expected.evaluation);
});

it('has every configuration as start, data, method and settings', () => {
  const common = { learningRate: 1e-3, schedule: 'cosine', weightDecay: 0.1, batchSize: 8 };
  // A step was always one piece then, AdamW began anew, and a run ended with what it trained.
  const inOnePiece = { partSize: 0, partBatchNorm: false, precision: 'float32', moments: 'fresh', mix: 1 };
  const onDataset = (fraction: number) => ({
    kind: 'dataset',
    id: 'ds_zwtitgbjnyu6',
    selection: { fraction, withoutPoisoned: false },
  });
  const start = { kind: 'model', model: 'mod_jdoy3yjpff2h' };
  const configOf = (name: string) => showRun(workspace, name).config;
  expect(configOf('poisoned')).toEqual({
    start: { kind: 'scratch', architecture: 'demo' },
    data: {
      kind: 'variant',
      id: 'va_hnrjtlokyda2',
      selection: { fraction: 1, withoutPoisoned: false },
    },
    method: 'mmcl',
    settings: { ...common, ...inOnePiece, epochs: 2, warmupSteps: 1, imageAugmentation: 'shift' },
    seed: 3,
  });
  expect(configOf('head')).toEqual({
    start,
    data: onDataset(1),
    method: 'supervised',
    settings: { ...common, epochs: 1, warmupSteps: 0, imageAugmentation: 'shift', decayed: 'weights' },
    seed: 0,
  });
  // Its views were small: the program of then wrote nothing where they were.
  const cleaned = {
    ...common,
    ...inOnePiece,
    lambda: 4,
    pairEpochs: 0,
    imageAugmentation: 'none',
    viewAugmentation: 'small',
    textAugmentation: 'reword',
  };
  expect(configOf('repaired')).toEqual({
    start,
    data: onDataset(0.5),
    method: 'cleanclip',
    settings: { ...cleaned, epochs: 2, warmupSteps: 1 },
    seed: 0,
  });
  expect(configOf('interrupted')).toEqual({
    start,
    data: onDataset(1),
    method: 'cleanclip',
    settings: { ...cleaned, epochs: 40, warmupSteps: 4 },
    seed: 5,
  });
});

it('has the lineage of every model', () => {
  const namesOf = (model: string) => ancestryOfModel(workspace, model).runs.map(({ name }) => name);
  expect(namesOf('mod_jdoy3yjpff2h')).toEqual(['poisoned']);
  expect(namesOf('mod_lb22th2b7hp5')).toEqual(['head', 'poisoned']);
  expect(namesOf('mod_rsghl7wymg7g')).toEqual(['repaired', 'poisoned']);
});

it('resumes the run that was interrupted to the weights that the program of then went through to', async () => {
  const resumed = await resumeRun(workspace, 'interrupted', silentContext());
  expect(resumed.resumedFromStep).toBe(10);
  const weightsOf = (path: string) => readSafetensors(path);
  const found = weightsOf(join(await wholeModelFolder(workspace, resumed.modelId), 'weights.safetensors'));
  const start = weightsOf(join(await wholeModelFolder(workspace, 'poisoned'), 'weights.safetensors'));
  const through = weightsOf(join(fixture, 'through.safetensors'));
  // The optimiser's last digits differ since (decisions/0016), and grow over 110 steps: 0.3 % of the way that the
  // weights went. Resumed without the optimiser's state it is 11 %.
  expect(distance(found, through) / distance(start, through)).toBeLessThan(0.02);
}, 600_000);

type Weights = ReturnType<typeof readSafetensors>;

/** Euclidean, over all tensors of the second. */
function distance(a: Weights, b: Weights): number {
  let sum = 0;
  for (const [name, { data }] of b) {
    const other = a.get(name)?.data;
    if (other === undefined) throw new Error(`${name} is missing`);
    for (const [at, value] of data.entries()) sum += (Number(value) - Number(other[at])) ** 2;
  }
  return Math.sqrt(sum);
}
