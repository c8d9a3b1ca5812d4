import { once } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createRandom } from '#core/random/random.ts';
import { runJson, startCli } from '../hosts/run-cli.ts';
import { everything, patienceMs } from './how-much.ts';
import {
  engineOf,
  finish,
  makeTraining,
  showState,
  startUntil,
  trainArgs,
  waitForEnd,
} from './small-training.ts';

let training: Awaited<ReturnType<typeof makeTraining>>;
let whole: string;
beforeAll(async () => {
  training = await makeTraining();
  whole = await finish(training.folder, trainArgs('whole'));
}, 240_000);
afterAll(() => training.remove());

const kills = everything ? 20 : 1;
const random = createRandom('kills');

/** `npm test` kills engine and program each once in tests/hosts/cli-train.test.ts. */
const whoms: readonly ('engine' | 'program' | 'both')[] = everything
  ? ['engine', 'program', 'both']
  : ['both'];

/** Kill -9 at a random moment after the first word of a run, again and again; at the end it has the same weights. */
test.skipIf(process.platform === 'win32').each(whoms)(
  `kill -9 of %s, ${kills} times: the run ends with the weights of one that went through`,
  { timeout: kills * 90_000 + 90_000 },
  async (whom) => {
    const { folder } = training;
    let round = 0;
    let name = `${whom}-${round}`;
    let args: readonly string[] = trainArgs(name);
    for (let kill = 0; kill < kills; kill += 1) {
      const child = await startUntil(folder, args, 'started');
      const pid = child.pid ?? 0;
      const engine = engineOf(pid);
      await new Promise((resolve) => setTimeout(resolve, random.uniform(0, 2_500)));
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        if (whom !== 'engine') process.kill(pid, 'SIGKILL');
        if (whom !== 'program' && engine !== null && (await waitForEnd([engine], 0)).length > 0)
          process.kill(engine, 'SIGKILL');
        await ended;
      } else kill -= 1;
      expect(await waitForEnd([pid, ...(engine === null ? [] : [engine])], patienceMs)).toEqual([]);
      const state = await showState(folder, name);
      expect(['interrupted', 'done']).toContain(state);
      if (state !== 'done') {
        args = ['runs', 'resume', name, '--json'];
        continue;
      }
      expectWhole(folder, name);
      round += 1;
      name = `${whom}-${round}`;
      args = trainArgs(name);
    }
    if (args[0] === 'runs') {
      expect(await finish(folder, args)).toBe(whole);
      expectWhole(folder, name);
    }
  },
);

/** Each loss is there once, the weights are those of a run that went through, and the database is whole. */
function expectWhole(folder: string, name: string): void {
  const db = new SqliteDatabase(join(folder, 'workbench.sqlite'), { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  const losses = db
    .prepare(
      "SELECT count(*) AS count FROM metrics m JOIN runs r ON r.number = m.run WHERE r.name = ? AND m.name = 'loss'",
    )
    .get(name);
  const weights = db
    .prepare(
      'SELECT c.weights_sha256 AS hash FROM models m JOIN runs r ON r.number = m.run JOIN checkpoints c ON c.id = m.checkpoint WHERE r.name = ?',
    )
    .get(name);
  db.close();
  expect(losses).toEqual({ count: 24 });
  expect(weights).toEqual({ hash: whole });
}

test(`kill -9 of an import, ${kills} times: the dataset is there whole or not at all`, {
  timeout: kills * 20_000 + 60_000,
}, async () => {
  const { folder } = training;
  const pictures = join(folder, '..', 'pictures');
  const rows = 4_000;
  const table = join(pictures, 'many.csv');
  const lines = Array.from({ length: rows }, (_, row) => `train/red-${row % 8}.png,caption ${row}\n`);
  writeFileSync(table, `image,caption\n${lines.join('')}`);
  const recordsOf = async (name: string) =>
    z
      .array(z.object({ name: z.string(), records: z.number() }))
      .parse(await runJson(folder, 'dataset', 'list'))
      .find((dataset) => dataset.name === name)?.records;
  for (let kill = 0; kill < kills; kill += 1) {
    const child = startCli(folder, ['dataset', 'import', table, '--name', `many-${kill}`, '--json']);
    child.stdout?.resume();
    child.stderr?.resume();
    await new Promise((resolve) => setTimeout(resolve, random.uniform(200, 2_500)));
    if (child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    expect([undefined, rows]).toContain(await recordsOf(`many-${kill}`));
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  }
  await runJson(folder, 'dataset', 'import', table, '--name', 'many');
  expect(await recordsOf('many')).toBe(rows);
  // What is left of locks goes a minute later, but for those of imports that can go on.
  const locks = () => readdirSync(folder).filter((name) => /ds_.*lock$/.test(name));
  for (const name of locks()) utimesSync(join(folder, name), 0, 0);
  await recordsOf('many');
  const unfinished = new SqliteDatabase(join(folder, 'workbench.sqlite'), { readonly: true });
  const waiting = unfinished
    .prepare<[], { id: string }>("SELECT id FROM datasets WHERE state = 'importing'")
    .all();
  unfinished.close();
  expect(locks().toSorted()).toEqual(waiting.map(({ id }) => `workbench.sqlite.${id}.lock`).toSorted());
  const db = new SqliteDatabase(join(folder, 'workbench.sqlite'), { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
});
