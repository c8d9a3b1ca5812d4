import { expect, test } from 'vitest';
import { listFirst } from '#core/list-first.ts';

test('all names where there are few, else the first and that there are others', () => {
  expect(listFirst([], 3)).toBe('');
  expect(listFirst(['a', 'b', 'c'], 3)).toBe('a, b, c');
  expect(listFirst(['a', 'b', 'c', 'd'], 3)).toBe('a, b, c and others');
});
