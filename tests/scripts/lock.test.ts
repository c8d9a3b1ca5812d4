import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '#scripts/setup/lock.mjs';
import { repository, runNode } from './run-process.ts';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccw-lock-'));
  lock = path.join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The id of a process that has ended. */
function endedProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('six processes that each read, wait and write count to six', async () => {
  const counter = path.join(folder, 'counter');
  writeFileSync(counter, '0');
  const file = path.join(folder, 'count.mjs');
  writeFileSync(
    file,
    `import fs from 'node:fs';
     import { withLock } from '${repository}/scripts/setup/lock.mjs';
     await withLock('${lock}', () => {}, async () => {
       const count = Number(fs.readFileSync('${counter}', 'utf8'));
       await new Promise((resolve) => setTimeout(resolve, 50));
       fs.writeFileSync('${counter}', String(count + 1));
     });`,
  );
  await Promise.all(Array.from({ length: 6 }, () => runNode([file], {})));
  expect(readFileSync(counter, 'utf8')).toBe('6');
  expect(existsSync(lock)).toBe(false);
});

test('a lock whose process has ended does not hold', async () => {
  writeFileSync(lock, JSON.stringify({ host: hostname(), pids: [endedProcess()], time: 0 }));
  let waits = 0;
  expect(
    await withLock(
      lock,
      () => waits++,
      async () => 'done',
    ),
  ).toBe('done');
  expect(waits).toBe(0);
});

test('a lock that nobody has touched for long does not hold, whoever has its number now', async () => {
  writeFileSync(lock, JSON.stringify({ host: hostname(), pids: [process.pid], time: 0 }));
  const tenMinutesAgo = new Date(Date.now() - 600_000);
  utimesSync(lock, tenMinutesAgo, tenMinutesAgo);
  expect(
    await withLock(
      lock,
      () => {},
      async () => 'done',
    ),
  ).toBe('done');
});

test('is given back when the work fails', async () => {
  const failing = withLock(
    lock,
    () => {},
    async () => {
      throw new Error('no');
    },
  );
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});
