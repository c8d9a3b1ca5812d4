import { expect, test } from 'vitest';
import { choicesSchema } from '#contract/sweep.ts';
import { listChoices, listCombinations } from '#core/sweeps/vary.ts';
import { readBest, readChoices, readPlan, toVary } from '../../../../../renderer/screens/runs/new/vary.ts';

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

test('a range with a step, a count, a log scale, or without an end of its own, is one of a sweep file', () => {
  const valuesOf = (text: string) => listChoices('learningRate', choicesSchema.parse(readChoices(text)));
  expect(valuesOf('100..400 step 100')).toEqual([100, 200, 300, 400]);
  expect(valuesOf('1e-5 .. 1e-3 in 3 log')).toEqual([1e-5, 1e-4, 1e-3]);
  expect(valuesOf('-0.5..0.5 in 3')).toEqual([-0.5, 0, 0.5]);
  expect(() => valuesOf('0.5..8')).toThrow('needs a step or a count');
  const drawn = listCombinations(
    { lambda: readChoices('0.5..8 log') },
    { kind: 'random', samples: 9, seed: 1 },
  );
  expect(drawn).toHaveLength(9);
  for (const { lambda } of drawn) expect(lambda).toSatisfy((value: number) => value >= 0.5 && value <= 8);
  expect(toVary([{ name: 'lambda', text: '1..2 in 4' }])).toHaveProperty('lambda.count', 4);
  // No ranges of numbers.
  expect(readChoices('a..b')).toEqual(['a..b']);
  expect(readChoices('1..2 step x')).toEqual(['1..2 step x']);
});
