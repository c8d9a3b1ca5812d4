import { expect, it, vi } from 'vitest';
import { inBackground } from '#main/workbench/background.ts';

it.each([
  [
    'throws',
    () => {
      throw new Error('EBUSY');
    },
  ],
  ['rejects', () => Promise.reject(new Error('EBUSY'))],
])('work that %s is told and ends nothing', async (_, work) => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const told: string[] = [];
  inBackground('Removing deleted runs', work, (message) => void told.push(message));
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(['Removing deleted runs failed: EBUSY']);
  vi.restoreAllMocks();
});
