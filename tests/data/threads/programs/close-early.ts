import { openThreadPool } from '#main/data/threads/thread-pool.ts';

/** Ends a pool while answers that nobody waits for lie there, and has nothing else to do. */
const file = new URL('./answer.ts', import.meta.url);
const pool = openThreadPool<number, number>({ file, count: 1, tasksAtOnce: 3 });
const [first, ...others] = [1, 2, 3].map((task) => pool.run(task));
for (const other of others) other.catch(() => {});
await first;
// This thread takes no answer meanwhile.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
await pool.close();
console.log('closed');
