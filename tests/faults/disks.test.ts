import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { collect, jsonLines, runCli, startCli } from '../hosts/run-cli.ts';
import { importSmallDataset, makeFolder } from '../workbench/fixtures.ts';
import { everything } from './how-much.ts';
import { finish, showState, startUntil, trainArgs } from './small-training.ts';

let temporary: ReturnType<typeof makeFolder>;
let whole: string;
beforeAll(async () => {
  temporary = makeFolder();
  whole = join(temporary.folder, 'whole');
  const workspace = openWorkspace(whole);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
});
afterAll(() => temporary.remove());

const errorSchema = z.object({ error: z.object({ kind: z.string(), message: z.string() }) });

/** The error that a command ends with. */
async function failureOf(folder: string, ...args: string[]) {
  const result = await runCli(folder, ...args, '--json');
  expect(result.code).not.toBe(0);
  expect(result.stderr).not.toMatch(/^ +at /m);
  return errorSchema.parse(jsonLines(result).at(-1)).error;
}

async function copyOfWhole(name: string): Promise<string> {
  const folder = join(temporary.folder, name);
  await cp(whole, folder, { recursive: true });
  return folder;
}

describe('a damaged database', () => {
  test.each([
    [
      'whose later pages are exchanged',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), bytes.subarray(4096).fill(0xa5)]),
    ],
    ['that is cut in half', (bytes: Buffer) => bytes.subarray(0, 4096 * 10)],
    ['that is another file', (bytes: Buffer) => bytes.fill(0x5a)],
  ])('%s is called damaged, with what to do, and stays as it is', async (name, damage) => {
    const folder = await copyOfWhole(name.replaceAll(' ', '-'));
    const path = join(folder, 'workbench.sqlite');
    const damaged = damage(readFileSync(path));
    writeFileSync(path, damaged);
    const error = await failureOf(folder, 'dataset', 'list');
    expect(error).toEqual({
      kind: 'corrupt-file',
      message: expect.stringMatching(/damaged.*backup/),
    });
    expect(error.message).toContain(folder);
    expect(readFileSync(path).equals(damaged)).toBe(true);
  });
});

test('a workspace that is removed while a run is at work: the run fails, and says why', {
  timeout: 120_000,
}, async () => {
  const folder = await copyOfWhole('removed');
  const child = await startUntil(folder, trainArgs('gone', 40), '"checkpoint"');
  const ended = collect(child);
  rmSync(folder, { recursive: true, force: true });
  const { code, stdout } = await ended;
  expect(code).not.toBe(0);
  expect(stdout).not.toContain('"modelId"');
  expect(errorSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).error.message).toMatch(
    /was moved or removed while run 'gone' was at work/,
  );
});

/** A small file system in memory: root alone may make one. */
function mountSmall(folder: string, size: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0;
}

const canMount = (() => {
  const { folder, remove } = makeFolder();
  const mounted = mountSmall(folder, '1m');
  if (mounted) spawnSync('umount', [folder]);
  remove();
  return mounted;
})();
if (!canMount) console.warn('Full and read-only disks are not tested: only root on Linux may mount a tmpfs.');

describe.skipIf(!canMount)('a small disk', () => {
  let disk: ReturnType<typeof makeFolder>;
  let workspace: string;
  beforeAll(async () => {
    disk = makeFolder();
    mountSmall(disk.folder, '64m');
    workspace = join(disk.folder, 'workspace');
    await cp(whole, workspace, { recursive: true });
  });
  afterAll(() => {
    spawnSync('umount', [disk.folder]);
    disk.remove();
  });

  /** Leaves so many bytes free. */
  const fill = (free: number) => {
    const { bavail, bsize } = statfsSync(disk.folder);
    writeFileSync(join(disk.folder, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - free)));
  };
  const makeRoom = () => rmSync(join(disk.folder, 'ballast'), { force: true });
  const halves = () =>
    readdirSync(disk.folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /part|unfinished/.test(name),
    );
  const expectWhole = () => {
    const db = new SqliteDatabase(join(workspace, 'workbench.sqlite'), { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    db.close();
  };

  test('full: an import says how much is free and leaves nothing; with room it goes through', async () => {
    const table = join(temporary.folder, 'pictures', 'pairs.csv');
    const rows = Array.from(
      { length: 600 },
      (_, number) => `train/red-${number % 8}.png,${`caption ${number} `.repeat(40)}\n`,
    );
    writeFileSync(table, `image,caption\n${rows.join('')}`);
    fill(120_000);
    const error = await failureOf(workspace, 'dataset', 'import', table, '--name', 'more');
    expect(error).toEqual({
      kind: 'storage',
      message: expect.stringMatching(/full \(\d+\.\d MB are free\)\. Free some space/),
    });
    makeRoom();
    expectWhole();
    expect(halves()).toEqual([]);
    expect((await runCli(workspace, 'dataset', 'import', table, '--name', 'more')).code).toBe(0);
    expectWhole();
  });

  test('read-only: it says so', async () => {
    spawnSync('mount', ['-o', 'remount,ro', disk.folder]);
    try {
      expect(await failureOf(workspace, 'runs', 'list')).toEqual({
        kind: 'storage',
        message: expect.stringContaining('can only be read'),
      });
    } finally {
      spawnSync('mount', ['-o', 'remount,rw', disk.folder]);
    }
    expect((await runCli(workspace, 'runs', 'list')).code).toBe(0);
  });

  test.skipIf(!everything)(
    'full in the middle of a training: it fails, and with room it goes on',
    {
      timeout: 240_000,
    },
    async () => {
      const child = startCli(workspace, trainArgs('full', 10));
      const ended = collect(child, (line) => {
        if (line.includes('"checkpoint"')) fill(200_000);
      });
      const { code, stdout } = await ended;
      expect(code).not.toBe(0);
      expect(errorSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).error).toMatchObject({
        kind: 'storage',
        message: expect.stringContaining('full'),
      });
      makeRoom();
      expectWhole();
      await finish(workspace, ['runs', 'resume', 'full']);
      expect(await showState(workspace, 'full')).toBe('done');
      expect(halves()).toEqual([]);
    },
  );

  test.skipIf(!everything)('full in an export: nothing of it stays', { timeout: 120_000 }, async () => {
    const made = await runCli(
      workspace,
      ...['variant', 'create', '--dataset', 'colours', '--name', 'poisoned', '--trigger', 'patch'],
      ...['--patch-size', '4', '--resolution', '32', '--target', 'red', '--count', '4', '--seed', '1'],
    );
    expect(made.code).toBe(0);
    const out = join(disk.folder, 'exported');
    fill(4_096);
    const error = await failureOf(
      workspace,
      'variant',
      'export',
      'poisoned',
      '--out',
      out,
      '--clean-pictures',
      'copy',
    );
    expect(error).toMatchObject({ kind: 'storage', message: expect.stringContaining('full') });
    expect(halves()).toEqual([]);
    makeRoom();
    expect((await runCli(workspace, 'variant', 'export', 'poisoned', '--out', out)).code).toBe(0);
  });
});
