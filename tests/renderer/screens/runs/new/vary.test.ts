import { expect, test } from 'vitest';
import { readBest, readChoices, readPlan } from '../../../../../renderer/screens/runs/new/vary.ts';

const query = (text: string) => new URLSearchParams(text);

test('all combinations, or a seeded sample of so many', () => {
  expect(readPlan(query(''))).toEqual({ kind: 'grid' });
  expect(readPlan(query('samples=20&sample-seed=3'))).toEqual({ kind: 'random', samples: 20, seed: 3 });
  expect(readPlan(query('samples=2000000'))).toEqual({ kind: 'random', samples: 10_000, seed: 0 });
  for (const wrong of ['samples=0', 'samples=-1', 'samples=some', 'samples=1.5']) {
    expect(readPlan(query(wrong))).toEqual({ kind: 'grid' });
  }
});

test('a low ASR is the best, a high accuracy', () => {
  expect(readBest(query(''))).toEqual({ column: 'asr', direction: 'lowest', where: '' });
  expect(readBest(query('best=ca&where=asr+<+10'))).toEqual({
    column: 'ca',
    direction: 'highest',
    where: 'asr < 10',
  });
  expect(readBest(query('best=name')).column).toBe('asr');
});

test('values are lists of numbers, words and ranges', () => {
  expect(readChoices('1, 4')).toEqual([1, 4]);
  expect(readChoices('0..2, patch, true')).toEqual([0, 1, 2, 'patch', true]);
  expect(readChoices('1e-5, 1e-4')).toEqual([1e-5, 1e-4]);
});
