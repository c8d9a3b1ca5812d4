import { expect, test } from 'vitest';
import { acquireQueueLock } from '#db/runs/queue-lock.ts';
import { killHard, startProgram, waitForLine } from '../child-process.ts';
import { temporaryFolder } from '../temporary-database.ts';

test('one holder at a time, also within one process; released, it can be taken again', () => {
  const folder = temporaryFolder();
  const first = acquireQueueLock(folder);
  expect(first).not.toBeNull();
  expect(acquireQueueLock(folder)).toBeNull();
  first?.release();
  const second = acquireQueueLock(folder);
  expect(second).not.toBeNull();
  second?.release();
});

test('two workspaces have two queues', () => {
  const one = acquireQueueLock(temporaryFolder());
  const other = acquireQueueLock(temporaryFolder());
  expect(one).not.toBeNull();
  expect(other).not.toBeNull();
  one?.release();
  other?.release();
});

test("another process's lock is respected, and dies with that process when it is killed -9", async () => {
  const folder = temporaryFolder();
  const holder = startProgram('hold-queue.ts', folder);
  await waitForLine(holder, 'held');
  expect(acquireQueueLock(folder)).toBeNull();
  await killHard(holder);
  const lock = acquireQueueLock(folder);
  expect(lock).not.toBeNull();
  await waitForLine(startProgram('hold-queue.ts', folder), 'refused');
  lock?.release();
});
