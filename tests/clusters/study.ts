import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { runJson } from '../hosts/run-cli.ts';
import { importSmallDataset } from '../workbench/fixtures.ts';

/** Whether a cluster is tested: only by `npm run test:clusters`, which takes minutes. Says why it is not. */
export function canTest(name: string, findReason: () => string | null): boolean {
  const reason = process.env.CCW_CLUSTERS === 'all' ? findReason() : 'that is for npm run test:clusters';
  if (reason !== null) process.stderr.write(`${name} is not tested: ${reason}.\n`);
  return reason === null;
}

const short = { batchSize: 8, warmupSteps: 1 };

/** Two repairs of a model that the file itself poisons; repairs long enough that a machine is lost in the middle. */
export const study = {
  name: 'lambdas',
  run: {
    data: { dataset: 'colours', selection: { fraction: 1 } },
    start: {
      run: {
        data: { dataset: 'colours' },
        attack: {
          resolution: 12,
          parts: [{ trigger: 'stripes', target: 'red', amount: { kind: 'count', count: 4 } }],
        },
        method: 'mmcl',
        settings: { ...short, epochs: 1 },
        measure: false,
      },
    },
    method: 'cleanclip',
    settings: { ...short, epochs: 25 },
  },
  vary: { lambda: [1, 4] },
};

/** Two workspaces with the same data, and the file of {@link study}. */
export async function prepareStudy(
  folder: string,
): Promise<{ file: string; local: string; remote: string; shared: string }> {
  const file = join(folder, 'lambdas.json');
  writeFileSync(file, JSON.stringify(study));
  const [local, remote] = [join(folder, 'local'), join(folder, 'remote')];
  for (const one of [local, remote]) {
    const workspace = openWorkspace(one);
    await importSmallDataset(workspace, join(one, 'pictures'));
    workspace.close();
  }
  return { file, local, remote, shared: join(folder, 'shared') };
}

const sweepSchema = z.object({
  state: z.literal('done'),
  runs: z.array(z.object({ runId: z.string(), state: z.literal('done'), ca: z.number(), asr: z.number() })),
});
const exportedSchema = z.object({ weightsSha256: z.string().length(64) });
const startedSchema = z.array(z.object({ parentModelId: z.string().nullable() }));

/** Expects what a cluster made to be what this machine makes, by hash, and to be there once. */
export async function expectLikeLocal(
  { file, local, remote }: { file: string; local: string; remote: string },
  shown: unknown,
): Promise<void> {
  const done = sweepSchema.parse(shown);
  const expected = sweepSchema.parse(await runJson(local, 'sweep', 'run', file));
  for (const [index, there] of done.runs.entries()) {
    const here = expected.runs[index];
    expect(await hashOf(remote, there.runId)).toBe(await hashOf(local, here?.runId ?? ''));
    expect([there.ca, there.asr]).toEqual([here?.ca, here?.asr]);
  }
  // Whatever was tried again: two repairs of one model.
  const runs = startedSchema.parse(await runJson(remote, 'runs', 'list'));
  expect(runs).toHaveLength(3);
  expect(new Set(runs.flatMap(({ parentModelId }) => parentModelId ?? [])).size).toBe(1);
}

async function hashOf(folder: string, run: string): Promise<string> {
  const out = join(folder, 'exported.json');
  return exportedSchema.parse(await runJson(folder, 'runs', 'export', run, '--out', out)).weightsSha256;
}

/** What each task has printed until now: task -> its lines. */
export function readOutputs(shared: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const [sweep] = existsSync(shared) ? readdirSync(shared) : [];
  for (const task of sweep === undefined ? [] : readdirSync(join(shared, sweep))) {
    const output = join(shared, sweep ?? '', task, 'output.jsonl');
    if (existsSync(output)) found.set(task, readFileSync(output, 'utf8').split('\n'));
  }
  return found;
}

const eventSchema = z.object({ event: z.string(), epoch: z.number().optional() });

/** Epochs of the checkpoints that each attempt of a task wrote: one list for each time that it started. */
export function attemptsOf(lines: readonly string[]): number[][] {
  const attempts: number[][] = [];
  for (const line of lines) {
    const start = line.lastIndexOf('{"event"');
    const event = start < 0 ? null : eventSchema.safeParse(tryParse(line.slice(start)));
    if (!event?.success) continue;
    if (event.data.event === 'started') attempts.push([]);
    if (event.data.event === 'checkpoint') attempts.at(-1)?.push(event.data.epoch ?? Number.NaN);
  }
  return attempts;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Looks at tasks until the sweep is done. @returns for each task the attempts that were seen, as {@link attemptsOf} */
export async function watchAttempts(shared: string, done: Promise<unknown>): Promise<number[][][]> {
  const seen = new Map<string, number[][]>();
  let over = false;
  const end = done.catch(() => {}).then(() => (over = true));
  while (!over) {
    for (const [task, lines] of readOutputs(shared)) seen.set(task, attemptsOf(lines));
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  return [...seen.values()];
}
