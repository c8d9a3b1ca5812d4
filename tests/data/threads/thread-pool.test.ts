import { spawnSync } from 'node:child_process';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openThreadPool, type ThreadPoolOptions } from '#main/data/threads/thread-pool.ts';

test('a program that ends its threads goes on after that, also where answers come too late', () => {
  const program = fileURLToPath(new URL('./programs/close-early.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, 'closed\n']);
});

/** A pool of one thread that works on two tasks at once; threads that are loaded, and tasks that are done. */
function openCounting(options: Partial<ThreadPoolOptions>) {
  const data = new SharedArrayBuffer(8);
  const file = new URL('./programs/count-at-once.ts', import.meta.url);
  const all = { file, count: 1, tasksAtOnce: 6, data, ...options };
  const pool = openThreadPool<string, { task: string; underWay: number }>(all);
  onTestFinished(() => pool.close());
  return { pool, counts: new Int32Array(data) };
}

test('a thread holds more tasks than it works on, and does them in their order', async () => {
  const { pool } = openCounting({});
  const done: string[] = [];
  const tasks = ['a', 'b', 'c', 'd', 'e', 'f'];
  const results = await Promise.all(
    tasks.map(async (task) => {
      const { underWay } = await pool.run(task);
      done.push(task);
      return underWay;
    }),
  );
  expect(done).toEqual(tasks);
  expect(Math.max(...results)).toBe(2);
});

test('a thread goes on with the tasks it holds while nobody takes its answers', async () => {
  const { pool, counts } = openCounting({});
  await pool.run('a');
  const others = Promise.all(['b', 'c', 'd', 'e'].map((task) => pool.run(task)));
  // The messages go out; then this thread waits, as while a graph is traced.
  await setImmediate();
  for (let done = 1; done < 5; done++) Atomics.wait(counts, 1, done, 10_000);
  expect(counts[1]).toBe(5);
  expect((await others).map(({ task }) => task)).toEqual(['b', 'c', 'd', 'e']);
});

test.each([
  { early: true, threads: 1 },
  { early: false, threads: 0 },
])('a pool that is early: $early has $threads threads before its first task', async ({ early, threads }) => {
  const { counts } = openCounting({ early });
  const turns = early ? 500 : 30;
  for (let turn = 0; turn < turns && counts[0] === 0; turn++) await setTimeout(10);
  expect(counts[0]).toBe(threads);
});
