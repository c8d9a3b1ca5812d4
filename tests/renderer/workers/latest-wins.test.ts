import { expect, test } from 'vitest';
import { createLatestWins } from '../../../renderer/workers/latest-wins.ts';

/** Work that ends when the test says so. */
function makeWork() {
  const begun: { input: number; end: (output: string) => void; fail: (thrown: Error) => void }[] = [];
  const run = (input: number) =>
    new Promise<string>((resolve, reject) => begun.push({ input, end: resolve, fail: reject }));
  return { begun, run };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('one at a time; of what is asked meanwhile only the newest is done', async () => {
  const { begun, run } = makeWork();
  const shown: string[] = [];
  const latest = createLatestWins(
    run,
    (output) => shown.push(output),
    () => {},
  );
  for (const input of [1, 2, 3]) latest.ask(input);
  expect(begun.map(({ input }) => input)).toEqual([1]);
  begun[0]?.end('first');
  await settle();
  expect(begun.map(({ input }) => input)).toEqual([1, 3]);
  begun[1]?.end('third');
  await settle();
  expect(shown).toEqual(['first', 'third']);
  latest.ask(4);
  expect(begun.at(-1)?.input).toBe(4);
});

test('a failure is told and the next one goes on; after the end nothing is shown', async () => {
  const { begun, run } = makeWork();
  const shown: string[] = [];
  const failed: number[] = [];
  const latest = createLatestWins(
    run,
    (output) => shown.push(output),
    (_, input) => failed.push(input),
  );
  latest.ask(1);
  latest.ask(2);
  begun[0]?.fail(new Error('no'));
  await settle();
  expect(failed).toEqual([1]);
  latest.end();
  begun[1]?.end('late');
  await settle();
  expect(shown).toEqual([]);
});
