import { afterEach, expect, it, vi } from 'vitest';
import { createQuitting, type Quitting } from '#main/hosts/electron/quitting.ts';

afterEach(() => vi.restoreAllMocks());

function program(over: Partial<Quitting> = {}) {
  const done: string[] = [];
  const quitting = createQuitting({
    isBusy: () => true,
    confirm: async () => true,
    close: async () => void done.push('closed'),
    end: () => void done.push('ended'),
    ...over,
  });
  return { done, quitting };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('stops what runs once the person agrees, closes once, and ends', async () => {
  const { done, quitting } = program();
  expect([quitting.mayQuit(), quitting.mayQuit()]).toEqual([false, false]);
  await settled();
  expect(done).toEqual(['closed', 'ended']);
  expect(quitting.mayQuit()).toBe(true);
});

it('goes on where the person wants it to, and asks again', async () => {
  const answers = [false, true];
  const { done, quitting } = program({ confirm: async () => answers.shift() ?? false });
  quitting.mayQuit();
  await settled();
  expect(done).toEqual([]);
  quitting.mayQuit();
  await settled();
  expect(done).toEqual(['closed', 'ended']);
});

it('ends where closing fails: a program that cannot be quit is worse', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { done, quitting } = program({ close: () => Promise.reject(new Error('EBUSY')) });
  quitting.mayQuit();
  await settled();
  expect(done).toEqual(['ended']);
  expect(quitting.mayQuit()).toBe(true);
});
