import { expect, test } from 'vitest';
import { addLivePoints } from '../../../../../renderer/screens/runs/page/live-points.ts';

const point = (name: string, step: number, value: number) => ({ name, step, value });

test('points after the last known step are added, others are known already', () => {
  const stored = [{ name: 'loss', steps: [1, 5], values: [4, 3] }];
  const added = addLivePoints(stored, [
    point('loss', 4, 9),
    point('loss', 5, 9),
    point('loss', 6, 2),
    point('loss', 7, 1),
  ]);
  expect(added).toEqual([{ name: 'loss', steps: [1, 5, 6, 7], values: [4, 3, 2, 1] }]);
  expect(stored[0]?.steps).toEqual([1, 5]);
});

test('a metric that was not stored yet begins with its first point; what is no number is left out', () => {
  expect(addLivePoints([], [point('ca', 0, 0.5), point('ca', 1, Number.NaN), point('ca', 2, 0.6)])).toEqual([
    { name: 'ca', steps: [0, 2], values: [0.5, 0.6] },
  ]);
});
