import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli, runJson, startCli } from '../hosts/run-cli.ts';
import { everything, patienceMs } from './how-much.ts';
import { engineOf, finish, makeTraining, showState, trainArgs, waitForEnd } from './small-training.ts';

let training: Awaited<ReturnType<typeof makeTraining>>;
let whole: string;
beforeAll(async () => {
  training = await makeTraining();
  whole = await finish(training.folder, trainArgs('whole', 3));
}, 120_000);
afterAll(() => training.remove());

/** Between two writes of a program, told by what can be seen of it. */
interface Window {
  /** What the program is asked. */
  args(): readonly string[];
  /** Whether the write before the window is there: from then on nobody can write. */
  opens(db: Database, pid: number): boolean;
  /** Whether the program has come to the write after the window. */
  isReached(db: Database, text: string): boolean;
  /** With the database free again: the same is asked for, or gone on with, and comes to its end. */
  check(): Promise<void>;
}

const folder = () => training.folder;
const count = (db: Database, sql: string, ...values: string[]): number =>
  Number(
    db
      .prepare(`SELECT count(*) FROM ${sql}`)
      .pluck()
      .get(...values),
  );
const checkpoints = (db: Database, run: string) =>
  count(db, 'checkpoints c JOIN runs r ON r.number = c.run WHERE r.name = ?', run);
const hasFiles = (db: Database, run: string, step: number): boolean => {
  const id = db.prepare('SELECT id FROM runs WHERE name = ?').pluck().get(run);
  return existsSync(join(folder(), 'runs', String(id), 'checkpoints', `step-${step}`, 'weights.safetensors'));
};
async function resumesToTheSame(name: string): Promise<void> {
  expect(await showState(folder(), name)).toBe('interrupted');
  expect(await finish(folder(), ['runs', 'resume', name])).toBe(whole);
  expect(await showState(folder(), name)).toBe('done');
}
const variantArgs = [
  ...['variant', 'create', '--dataset', 'colours', '--name', 'poisoned', '--trigger', 'patch'],
  ...['--patch-size', '4', '--resolution', '32', '--target', 'red', '--count', '4', '--seed', '1'],
];
const manyRows = 4_000;
const manyTable = () => join(folder(), '..', 'pictures', 'many.csv');

/** An epoch has three steps, and a training three epochs. */
const windows: Record<string, Window> = {
  'a checkpoint has its files, and no row': {
    args: () => trainArgs('files', 3),
    opens: (db) => count(db, "runs WHERE name = 'files' AND state = 'running'") === 1,
    isReached: (db) => hasFiles(db, 'files', 3) && checkpoints(db, 'files') === 0,
    check: () => resumesToTheSame('files'),
  },
  'a checkpoint has its row, and those before it are all there': {
    args: () => trainArgs('row', 3),
    opens: (db) => checkpoints(db, 'row') === 1,
    isReached: (db) => hasFiles(db, 'row', 6),
    check: () => resumesToTheSame('row'),
  },
  'the last checkpoint is recorded, and the run has no model': {
    args: () => trainArgs('model', 3),
    opens: (db) => checkpoints(db, 'model') >= 2,
    isReached: (db) => hasFiles(db, 'model', 9),
    check: () => resumesToTheSame('model'),
  },
  'some rows of an import are there, and the dataset is not': {
    args: () => {
      const lines = Array.from({ length: manyRows }, (_, row) => `train/red-${row % 8}.png,caption ${row}\n`);
      writeFileSync(manyTable(), `image,caption\n${lines.join('')}`);
      return ['dataset', 'import', manyTable(), '--name', 'many'];
    },
    opens: (db) => count(db, "datasets WHERE name = 'many'") === 1,
    isReached: () => true,
    check: async () => {
      expect((await runCli(folder(), 'dataset', 'import', manyTable(), '--name', 'many')).code).toBe(0);
      const found = JSON.stringify(await runJson(folder(), 'dataset', 'list'));
      expect(found).toContain(`"records":${manyRows}`);
    },
  },
  "a variant's records are rendered, and it is not there": {
    args: () => variantArgs,
    opens: () => true,
    isReached: (_, text) => text.includes('rendering 4 of 4'),
    check: async () => {
      expect(JSON.stringify(await runJson(folder(), 'variant', 'list'))).not.toContain('poisoned');
      expect((await runCli(folder(), ...variantArgs)).code).toBe(0);
    },
  },
  'a model is measured, and its evaluation is not there': {
    args: () => ['evaluate', '--model', 'whole'],
    opens: (_, pid) => engineOf(pid) !== null,
    isReached: (_, text) => /(\d+) of \1\b/.test(text.split('\n').filter(Boolean).at(-1) ?? ''),
    check: async () => {
      const db = new SqliteDatabase(join(folder(), 'workbench.sqlite'), { readonly: true });
      expect(count(db, 'evaluations')).toBe(0);
      expect((await runCli(folder(), 'evaluate', '--model', 'whole')).code).toBe(0);
      expect(count(db, 'evaluations')).toBe(1);
      db.close();
    },
  },
};

const names = Object.keys(windows).filter((name) => everything || name.startsWith('the last checkpoint'));

/** How long a program stands before the write that it cannot make. */
const standsMs = 1_000;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test.skipIf(process.platform === 'win32').each(names)(
  'kill -9 where %s: nothing is half there, and it is done again',
  { timeout: 120_000 },
  async (name) => {
    const window = windows[name]!;
    const db = new SqliteDatabase(join(folder(), 'workbench.sqlite'));
    const child = startCli(folder(), window.args());
    const said = listen(child);
    const until = async (condition: () => boolean) => {
      while (!condition()) {
        if (child.exitCode !== null) throw new Error(`It ended before: ${said()}`);
        await wait(2);
      }
    };
    await until(() => window.opens(db, child.pid ?? 0));
    db.exec('BEGIN IMMEDIATE');
    await until(() => window.isReached(db, said()));
    await wait(standsMs);
    expect(child.exitCode).toBeNull();
    const engine = engineOf(child.pid ?? 0);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    db.exec('ROLLBACK');
    expect(await waitForEnd(engine === null ? [] : [engine], patienceMs)).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    db.close();
    await window.check();
  },
);

/** All that a program has printed so far. */
function listen(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  return () => text;
}
