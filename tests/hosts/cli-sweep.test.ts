import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Run } from '#contract/run.ts';
import { sweepFileSchema } from '#contract/sweep.ts';
import { listEvaluations } from '#db/models/evaluations.ts';
import { findModel } from '#db/models/models.ts';
import { listCheckpoints } from '#db/runs/checkpoints.ts';
import { readMetrics } from '#db/runs/metrics.ts';
import { findRun, listRuns } from '#db/runs/runs.ts';
import { listSweepRuns } from '#db/sweeps/sweeps.ts';
import { findDamage } from '#main/data/files/checkpoint-hashes.ts';
import { withEngines } from '#main/workbench/engine/queue.ts';
import type { Cluster } from '#main/workbench/sweeps/remote/cluster.ts';
import { runRemoteSweep } from '#main/workbench/sweeps/remote/run-remote-sweep.ts';
import { createSweep } from '#main/workbench/sweeps/sweeps.ts';
import { fromStoredPath, openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, silentContext } from '../workbench/fixtures.ts';
import { processCluster } from '../workbench/sweeps/process-cluster.ts';
import { collect, jsonLines, runCli, runJson, startCli } from './run-cli.ts';

const settings = { epochs: 1, batchSize: 8, warmupSteps: 1 };
const patch = {
  kind: 'patch',
  size: 3,
  pattern: ['10', '01'],
  place: { kind: 'corner', corner: 'bottom-right', margin: 0 },
};
/** A repair of a model that the file itself poisons. */
const study = {
  name: 'lambdas',
  run: {
    data: { dataset: 'colours', selection: { fraction: 1 } },
    start: {
      run: {
        data: { dataset: 'colours' },
        attack: {
          resolution: 12,
          parts: [{ trigger: patch, target: 'red', amount: { kind: 'count', count: 4 } }],
        },
        method: 'mmcl',
        settings,
        measure: false,
      },
    },
    method: 'cleanclip',
    settings: { ...settings, epochs: 2 },
  },
  vary: { lambda: [1, 4], seed: [0, 1, 2] },
};
const sweepSchema = z.object({
  sweepId: z.string().regex(/^sw_/),
  state: z.string(),
  runs: z.array(
    z.object({
      runId: z.string().nullable(),
      settings: z.looseObject({ lambda: z.number(), seed: z.number(), method: z.literal('cleanclip') }),
      state: z.string(),
      ca: z.number().nullable(),
      asr: z.number().nullable(),
    }),
  ),
  best: z.object({ column: z.literal('asr'), mean: z.number() }).nullable(),
});
const shownSchema = z.object({ runId: z.string(), parentModelId: z.string().nullable(), state: z.string() });

let temporary: ReturnType<typeof makeFolder>;
let folder: string;
let file: string;
beforeAll(async () => {
  temporary = makeFolder();
  folder = join(temporary.folder, 'workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
  file = join(temporary.folder, 'lambdas.json');
  writeFileSync(file, `// two lambdas, three seeds\n${JSON.stringify(study)}`);
});
afterAll(() => temporary.remove());

it('plans 2 x 3 runs, is killed in the middle, and goes on with one poisoned model for all', async () => {
  expect(await runJson(folder, 'sweep', 'create', file, '--preview')).toMatchObject({
    runs: { length: 6 },
    before: 1,
    variants: 1,
    problem: null,
  });
  const planned = sweepSchema.parse(await runJson(folder, 'sweep', 'create', file));
  expect(planned).toMatchObject({ state: 'planned' });
  expect(planned.runs.map((run) => [run.settings.lambda, run.settings.seed, run.state, run.runId])).toEqual(
    [1, 4].flatMap((lambda) => [0, 1, 2].map((seed) => [lambda, seed, 'planned', null])),
  );

  const child = startCli(folder, ['sweep', 'run', 'lambdas', '--json']);
  let started = 0;
  await collect(child, (line) => {
    started += Number(line.includes('"event":"started"'));
    // The poisoned model, one repair, and the next one has begun.
    if (started === 3) child.kill('SIGKILL');
  });
  const killed = sweepSchema.parse(await runJson(folder, 'sweep', 'show', 'lambdas'));
  expect(killed.state).toBe('paused');
  expect(killed.runs.filter((run) => run.state === 'done')).toHaveLength(1);

  const done = sweepSchema.parse(await runJson(folder, 'sweep', 'run', file));
  expect(done).toMatchObject({ sweepId: planned.sweepId, state: 'done' });
  expect(done.runs[0]).toEqual(killed.runs[0]);
  for (const run of done.runs) {
    expect(run.state).toBe('done');
    // 9 test pictures, 6 of them not red.
    expect(((run.ca ?? Number.NaN) * 9) % 1).toBeCloseTo(0, 9);
    expect(((run.asr ?? Number.NaN) * 6) % 1).toBeCloseTo(0, 9);
  }
  // The best has the lowest mean ASR over its seeds, in [0, 1] as those of the runs.
  const means = [1, 4].map((lambda) => {
    const own = done.runs.filter(({ settings }) => settings.lambda === lambda);
    return own.reduce((sum, { asr }) => sum + (asr ?? Number.NaN), 0) / own.length;
  });
  expect(done.best?.mean).toBeCloseTo(Math.min(...means), 9);
  const runs = z.array(shownSchema).parse(await runJson(folder, 'runs', 'list'));
  expect(runs).toHaveLength(7);
  const parents = new Set(runs.flatMap(({ parentModelId }) => parentModelId ?? []));
  expect(parents.size).toBe(1);
  // Once more: everything is there.
  const again = await runJson(folder, 'sweep', 'run', 'lambdas');
  expect(sweepSchema.parse(again)).toEqual(done);
});

it('gives the same weights on other machines, one of which is lost, and brings results back once', async () => {
  const remote = openWorkspace(join(temporary.folder, 'remote'));
  await importSmallDataset(remote, join(temporary.folder, 'remote-pictures'));
  const sweep = createSweep(remote, sweepFileSchema.parse({ ...study, vary: { lambda: [1, 4] } }));
  const cluster = processCluster();
  const make = (on: Cluster) =>
    withEngines(remote, silentContext(), (engine) =>
      runRemoteSweep(
        { workspace: remote, engine, context: silentContext() },
        { sweepId: sweep.id, cluster: on, sharedFolder: join(temporary.folder, 'shared'), keep: 'last' },
      ),
    );
  expect(await make(cluster)).toMatchObject({ state: 'done' });
  // The poisoned model, two repairs, and one of these a second time.
  expect(cluster.commands).toHaveLength(4);
  const local = openWorkspace(folder);
  const made = listSweepRuns(remote.db, sweep.id).map(({ runId }) => findRun(remote.db, runId ?? ''));
  for (const [index, run] of made.entries()) {
    const here = findRun(local.db, `lambdas-${3 * index + 1}`);
    expect(run).toMatchObject({ state: 'done', step: here.step, config: { settings: here.config.settings } });
    expect(weightsOf(remote, run)).toBe(weightsOf(local, here));
    const loss = (workspace: Workspace, { id }: Run) => readMetrics(workspace.db, id, 'loss');
    expect(loss(remote, run)).toEqual(loss(local, here));
    const [measured, ...more] = listEvaluations(remote.db, run.modelId ?? '');
    expect(more).toEqual([]);
    expect(measured?.result).toEqual(listEvaluations(local.db, here.modelId ?? '')[0]?.result);
    // The model's checkpoint alone came along, whole.
    const checkpoints = listCheckpoints(remote.db, run.id);
    expect(checkpoints.map(({ step }) => step)).toEqual([run.totalSteps]);
    expect(await findDamage(fromStoredPath(remote, checkpoints[0]?.path ?? ''), {}, null)).toBeNull();
  }
  expect(new Set(made.map(({ parentModelId }) => parentModelId)).size).toBe(1);
  expect(listRuns(remote.db)).toHaveLength(3);
  expect(readdirSync(join(temporary.folder, 'shared'))).toEqual([]);
  // What is here is not asked for again.
  const none: Cluster = {
    run() {
      throw new Error('nothing is left to do');
    },
  };
  expect(await make(none)).toMatchObject({ state: 'done' });
  remote.close();
  local.close();
});

const weightsOf = ({ db }: Workspace, { modelId }: Run) => findModel(db, modelId ?? '').weightsSha256;

it('gives the same weights again from the file of a run, and from the file of a sweep', async () => {
  const { runs } = sweepSchema.parse(await runJson(folder, 'sweep', 'show', 'lambdas'));
  const [run] = runs;
  const out = join(temporary.folder, 'again.json');
  const { weightsSha256 } = z
    .object({ weightsSha256: z.string().length(64) })
    .parse(await runJson(folder, 'runs', 'export', run?.runId ?? '', '--out', out));
  const again = await runCli(folder, 'run', out, '--json');
  expect(jsonLines(again).at(-1)).toMatchObject({ weightsSha256 });
  expect(again.stderr).toContain('The weights are those of the run that the file was made from.');
  // In a workspace that has the data alone, with all that comes before.
  const other = join(temporary.folder, 'other');
  const workspace = openWorkspace(other);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures-again'));
  workspace.close();
  expect(await runJson(other, 'run', out)).toMatchObject({ weightsSha256 });
});

it('writes a report that opens offline, with every file by its hash', async () => {
  const out = join(temporary.folder, 'report');
  const { html, files, runs } = z
    .object({ html: z.string(), files: z.array(z.string()), runs: z.array(z.string()) })
    .parse(await runJson(folder, 'report', 'lambdas', '--out', out));
  expect(runs).toHaveLength(6);
  const page = readFileSync(html, 'utf8');
  for (let place = 1; place <= 6; place += 1) expect(page).toContain(`lambdas-${place}`);
  expect(page).toContain('varies lambda (1, 4) and seed (0, 1, 2), all combinations: 6 of 6 runs are done');
  expect(page).toContain('<h2>Over seeds</h2>');
  const sweepFile: unknown = JSON.parse(readFileSync(join(out, 'sweeps', '01-lambdas.json'), 'utf8'));
  expect(sweepFileSchema.parse(sweepFile)).toEqual(sweepFileSchema.parse(study));
  // 4 of the 26 training pairs.
  expect(page).toContain('4 (15.38 %)');
  expect(page).not.toMatch(/<script|<link|src=|href=|@import|url\(/);
  const hashes = readFileSync(join(out, 'hashes.txt'), 'utf8').trimEnd().split('\n');
  expect(hashes.map((line) => line.slice(66)).sort()).toEqual(files.filter((file) => file !== 'hashes.txt'));
  for (const line of hashes) {
    const content = readFileSync(join(out, line.slice(66)));
    expect(createHash('sha256').update(content).digest('hex')).toBe(line.slice(0, 64));
  }
  const table = readFileSync(join(out, 'tables', 'comparison.csv'), 'utf8');
  expect(table.split('\r\n').filter((line) => line.startsWith('lambdas-'))).toHaveLength(6 + 6 * 3);
  expect(table.split('\r\n')[0]).toContain('poisoned_pairs,poison_rate,attack_seed,manifest_sha256,program');
  const again = await runCli(folder, 'report', 'lambdas', '--out', out, '--json');
  expect(jsonLines(again)).toMatchObject([{ error: { kind: 'conflict' } }]);
});

it('says which field is wrong, and where no file is', async () => {
  const wrong = join(temporary.folder, 'wrong.json');
  const { vary: _, ...rest } = study;
  const tries: [unknown, RegExp][] = [
    [{ ...rest, vary: { lamda: [1] } }, /vary lamda: no method has such a setting/],
    [{ ...rest, vary: { lambda: [-1] } }, /lambda -1 cannot be: settings\.lambda/],
    [{ ...rest, vary: {}, run: { ...study.run, method: 'prayer' } }, /run\.method/],
  ];
  for (const [content, message] of tries) {
    writeFileSync(wrong, JSON.stringify(content));
    const result = await runCli(folder, 'sweep', 'create', wrong, '--json');
    expect(jsonLines(result)).toMatchObject([
      { error: { kind: 'bad-input', message: expect.stringMatching(message) } },
    ]);
  }
  writeFileSync(wrong, readFileSync(file, 'utf8').replace('"vary":', '"vary"'));
  const broken = await runCli(folder, 'sweep', 'create', wrong, '--json');
  expect(jsonLines(broken)).toMatchObject([{ error: { message: expect.stringMatching(/line 2/) } }]);
  const elsewhere = await runCli(folder, 'sweep', 'run', 'lambdas', '--on', 'ray', '--partition', 'gpu');
  expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining('--on slurm')]);
  const missing = await runCli(folder, 'run', join(temporary.folder, 'none.json'), '--json');
  expect(jsonLines(missing)).toMatchObject([{ error: { kind: 'not-found' } }]);
});

it('ends with an error where a run failed, says why, and makes it once the cause is gone', async () => {
  const pictures = join(temporary.folder, 'pictures');
  const away = join(temporary.folder, 'away');
  const other = join(temporary.folder, 'other-lambda.json');
  writeFileSync(other, JSON.stringify({ ...study, name: 'other', vary: { lambda: [2] } }));
  renameSync(pictures, away);
  const failed = await runCli(folder, 'sweep', 'run', other, '--json');
  renameSync(away, pictures);
  expect(failed.code, failed.stderr).toBe(1);
  const shown = z
    .object({ state: z.string(), runs: z.array(z.object({ message: z.string().nullable() })) })
    .parse(jsonLines(failed).at(-1));
  expect(shown).toMatchObject({ state: 'failed', runs: [{ message: expect.stringContaining('pictures') }] });
  // The sweep goes on with it: how to resume the run alone is not said.
  expect(shown.runs[0]?.message).not.toContain('ccw runs resume');
  expect(await runJson(folder, 'sweep', 'run', 'other')).toMatchObject({
    state: 'done',
    runs: [{ state: 'done', message: null }],
  });
});
