import { expect, test } from 'vitest';
import { withinLimit } from '#main/data/decoding/within-limit.ts';

const late = () => new Error('late');

test('what is done in time is given, failures too', async () => {
  expect(await withinLimit(Promise.resolve(7), 60_000, late)).toBe(7);
  await expect(withinLimit(Promise.reject(new Error('own')), 60_000, late)).rejects.toThrow('own');
});

test('what never ends is late', async () => {
  await expect(withinLimit(new Promise(() => {}), 5, late)).rejects.toThrow('late');
});
