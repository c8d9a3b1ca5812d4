import { expect, test } from 'vitest';
import { settingWarning } from '../../../../../renderer/screens/runs/new/setting-warnings.ts';

const size = { records: 5772, totalSteps: 720 };

test.each([
  ['warmupSteps', 100, null],
  ['warmupSteps', 720, /720 steps.*Use about 72\./],
  ['warmupSteps', 10_000, /never reaches its highest value/],
  ['batchSize', 5772, null],
  ['batchSize', 6000, /Larger than the 5,772 training pairs.*at most 5,772/],
  ['learningRate', 1e-3, null],
  ['learningRate', 1e-5, null],
  ['learningRate', 0.5, /diverge/],
  ['learningRate', 1e-9, /hardly change/],
  ['weightDecay', 1000, null],
  ['constructor', 1, null],
] as const)('%s of %d', (name, value, words) => {
  const warning = settingWarning(name, value, size);
  if (words === null) expect(warning).toBeNull();
  else expect(warning).toMatch(words);
});

test('nothing is said of what is not counted yet', () => {
  const unknown = { records: undefined, totalSteps: undefined };
  expect(settingWarning('warmupSteps', 10_000, unknown)).toBeNull();
  expect(settingWarning('batchSize', 10_000, unknown)).toBeNull();
});
