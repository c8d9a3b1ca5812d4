import type { Series } from '#contract/api/runs.ts';
import type { MetricPoint } from '#contract/run.ts';

/** Series with the points that came since they were read; points at or before a series' last step are known already. */
export function addLivePoints(series: readonly Series[], points: readonly MetricPoint[]): Series[] {
  const byName = new Map(
    series.map((one) => [one.name, { ...one, steps: [...one.steps], values: [...one.values] }]),
  );
  for (const { name, step, value } of points) {
    let one = byName.get(name);
    if (one === undefined) {
      one = { name, steps: [], values: [] };
      byName.set(name, one);
    }
    if (step <= (one.steps.at(-1) ?? -1) || !Number.isFinite(value)) continue;
    one.steps.push(step);
    one.values.push(value);
  }
  return [...byName.values()];
}
