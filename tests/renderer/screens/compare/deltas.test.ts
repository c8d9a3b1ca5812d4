import { expect, test } from 'vitest';
import {
  type Compared,
  deltaOf,
  heatRows,
  judgeDelta,
  orderByRole,
} from '../../../../renderer/screens/compare/deltas.ts';
import { compared, share } from './compared-run.ts';

const before = compared('before', 4, 9, [5, 5]);
const after = compared('after', 6, 1, [1, 5]);
const clean = compared('clean', 7, null, null);

test('a change is the run’s value less the baseline’s, and none where there is nothing to compare', () => {
  expect(deltaOf(after, before, 'ca')).toBeCloseTo(0.2, 12);
  expect(deltaOf(after, before, 'asr')).toBeCloseTo(-0.8, 12);
  expect(deltaOf(before, before, 'ca')).toBeNull();
  expect(deltaOf(clean, before, 'asr')).toBeNull();
  expect(deltaOf({ ...after, evaluation: null }, before, 'ca')).toBeNull();
  expect(deltaOf(after, undefined, 'ca')).toBeNull();
});

test('a change is better or worse only where the intervals do not meet', () => {
  const at = (run: Compared, low: number, high: number): Compared => ({
    ...run,
    evaluation: run.evaluation && {
      ...run.evaluation,
      asr: { ...share(5, 10), value: (low + high) / 2, low, high },
    },
  });
  expect(judgeDelta(at(after, 0.1, 0.2), at(before, 0.3, 0.4), 'asr', false)).toBe('better');
  expect(judgeDelta(at(after, 0.5, 0.6), at(before, 0.3, 0.4), 'asr', false)).toBe('worse');
  expect(judgeDelta(at(after, 0.5, 0.6), at(before, 0.3, 0.4), 'asr', true)).toBe('better');
  expect(judgeDelta(at(after, 0.35, 0.6), at(before, 0.3, 0.4), 'asr', false)).toBe('alike');
  expect(judgeDelta(clean, before, 'asr', false)).toBe('alike');
});

test('on the same pictures the paired interval decides, whatever the intervals of each', () => {
  const change = (low: number, high: number) => ({ value: (low + high) / 2, low, high, count: 10 });
  expect(judgeDelta(after, before, 'asr', false, change(-0.9, -0.7))).toBe('better');
  expect(judgeDelta(after, before, 'asr', false, change(0.1, 0.2))).toBe('worse');
  expect(judgeDelta(after, before, 'ca', true, change(0.1, 0.3))).toBe('better');
  expect(judgeDelta(after, before, 'asr', false, change(-0.1, 0.2))).toBe('alike');
});

test('the heat map has a row a class and a column a run; the target has no attack success', () => {
  expect(heatRows([before, after, clean], 'asr')).toEqual([
    { class: 'fruit', target: true, values: [null, null, null] },
    { class: 'dog', target: false, values: [1, 0.2, null] },
  ]);
  expect(heatRows([clean], 'ca').map(({ values }) => values)).toEqual([[1], [0.4]]);
});

test('runs stand in the order of the story, those of one role as they came', () => {
  const as = (id: string, role: Compared['role']): Compared => ({ ...compared(id, 4, null, null), role });
  const given = [
    as('s', 'supervised'),
    as('p1', 'poisoned'),
    as('r', 'repaired'),
    as('p0', 'poisoned'),
    as('k', 'control'),
  ];
  expect(orderByRole(given).map(({ id }) => id)).toEqual(['p1', 'p0', 'k', 'r', 's']);
});
