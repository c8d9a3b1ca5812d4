/** A curve in five numbers. */
export interface CurveSummary {
  lastStep: number;
  first: number;
  lowest: number;
  highest: number;
  last: number;
}

/** What a curve begins, ends and moves between; null for one without points. Steps rise; values belong to them. */
export function summariseCurve(steps: readonly number[], values: readonly number[]): CurveSummary | null {
  const lastStep = steps.at(-1);
  const [first] = values;
  const last = values.at(-1);
  if (lastStep === undefined || first === undefined || last === undefined) return null;
  let [lowest, highest] = [first, first];
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return { lastStep, first, lowest, highest, last };
}
