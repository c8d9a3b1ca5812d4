import { expect, test } from 'vitest';
import type { MetricPoint } from '#contract/run.ts';
import { createLiveSeries } from '../../../../../renderer/screens/runs/page/live-series.ts';

const pointsFrom = (from: number, count: number): MetricPoint[] =>
  Array.from({ length: count }, (_, index) => ({ step: from + index, name: 'loss', value: 1 }));

function liveOfTen() {
  const reads: ((success: boolean) => void)[] = [];
  let shown: readonly MetricPoint[] = [];
  const live = createLiveSeries({
    most: 8,
    read: () => new Promise((resolve) => void reads.push(resolve)),
    changed: (points) => {
      shown = points;
    },
  });
  live.add(pointsFrom(1, 10));
  const answer = async (success: boolean) => {
    reads.at(-1)?.(success);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { live, reads, answer, steps: () => shown.map(({ step }) => step) };
}

test('past the limit the series is asked for once, however many points come meanwhile', async () => {
  const { live, reads, answer, steps } = liveOfTen();
  for (let step = 11; step < 31; step += 1) live.add(pointsFrom(step, 1));
  expect(reads).toHaveLength(1);
  expect(steps()).toHaveLength(30);
  await answer(true);
  // The last two of those before it was asked for, and all since: 9 to 30.
  expect(steps()).toEqual(Array.from({ length: 22 }, (_, index) => index + 9));
  live.add(pointsFrom(31, 1));
  expect(reads).toHaveLength(2);
});

test('where it cannot be read the points stay, and the next ask for it again', async () => {
  const { live, reads, answer, steps } = liveOfTen();
  await answer(false);
  expect(steps()).toHaveLength(10);
  live.add(pointsFrom(11, 1));
  expect(reads).toHaveLength(2);
});
