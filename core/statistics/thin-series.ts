import type { Series } from '#contract/api/runs.ts';

/**
 * A series with at most `points` points: the minimum and the maximum of each stretch stay, in order, so that peaks
 * are still seen.
 */
export function thinSeries(series: Series, points: number): Series {
  const { name, steps, values } = series;
  if (steps.length <= points) return series;
  const stretches = Math.floor(points / 2);
  const kept: number[] = [];
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = Math.floor((stretch * steps.length) / stretches);
    const to = Math.floor(((stretch + 1) * steps.length) / stretches);
    let lowest = from;
    let highest = from;
    for (let index = from + 1; index < to; index += 1) {
      if ((values[index] as number) < (values[lowest] as number)) lowest = index;
      if ((values[index] as number) >= (values[highest] as number)) highest = index;
    }
    kept.push(Math.min(lowest, highest));
    if (lowest !== highest) kept.push(Math.max(lowest, highest));
  }
  return {
    name,
    steps: kept.map((index) => steps[index] as number),
    values: kept.map((index) => values[index] as number),
  };
}
