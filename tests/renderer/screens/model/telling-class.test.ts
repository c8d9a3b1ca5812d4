import { expect, test } from 'vitest';
import { tellingClass } from '../../../../renderer/screens/model/telling-class.ts';

const share = (hits: number, count: number) => ({ hits, count, value: hits / count, low: 0, high: 1 });
const row = (name: string, count: number, fooled: number | null) => ({
  class: name,
  count,
  accuracy: share(0, count),
  top5: share(0, count),
  attackSuccess: fooled === null ? null : share(fooled, count),
});

test('where the attack turned the most pictures, else where the most pictures are', () => {
  expect(tellingClass({ perClass: [row('a', 90, null), row('b', 30, 20), row('c', 25, 24)] })).toBe('c');
  expect(tellingClass({ perClass: [row('a', 9, null), row('b', 30, 0), row('c', 25, 0)] })).toBe('b');
  expect(tellingClass({ perClass: [row('a', 9, null), row('b', 30, null), row('c', 30, null)] })).toBe('b');
  expect(tellingClass({ perClass: [] })).toBeNull();
});
