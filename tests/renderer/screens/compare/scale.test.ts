import { expect, test } from 'vitest';
import { makeScale } from '../../../../renderer/screens/compare/scale.ts';

test('values that span decades stand on a log axis, each decade as long as the next', () => {
  const { axis, toFraction, toData, toNote } = makeScale('number', [1e-5, 1e-4, 1e-3], false);
  expect(axis.type).toBe('log');
  expect(toFraction(1e-4)).toBeCloseTo(0.5, 9);
  expect([toData(1e-4), toNote(1e-4)]).toEqual([1e-4, -4]);
});

test('few values of a setting are the ticks of a plain axis', () => {
  const { axis, toFraction } = makeScale('number', [1, 4, 8, 4], false);
  expect(axis.type).toBeUndefined();
  expect(axis.tickvals).toEqual([1, 4, 8]);
  expect(toFraction(4.5)).toBeCloseTo(0.5, 9);
  expect(toFraction(8)).toBeLessThan(1);
});

test('words stand one after the other, and one value alone in the middle', () => {
  const { axis, toData, toFraction } = makeScale('word', ['mmcl', 'cleanclip', 'mmcl'], false);
  expect([toData('mmcl'), toData('cleanclip')]).toEqual([0, 1]);
  expect(axis.ticktext).toEqual(['mmcl', 'cleanclip']);
  expect(toFraction('mmcl')).toBeGreaterThan(0);
  expect(makeScale('number', [3], true).toFraction(3)).toBeCloseTo(0.5, 9);
});
