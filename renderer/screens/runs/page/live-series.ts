import type { MetricPoint } from '#contract/run.ts';

export interface LiveSeriesOptions {
  /** Points beyond this many are read from the host, thinned, in place of being held here. */
  most: number;
  /** Reads the series anew. @returns whether it could be read */
  read(): Promise<boolean>;
  /** Called with all points that came since the series was read. */
  changed(points: readonly MetricPoint[]): void;
}

/**
 * Points of a run that came since its series was read. Beyond `most` the series is read again, once at a time: a second
 * request would cancel the first, and with many points a second none would ever be answered.
 */
export function createLiveSeries({ most, read, changed }: LiveSeriesOptions) {
  let points: readonly MetricPoint[] = [];
  let reading = false;
  const set = (next: readonly MetricPoint[]) => {
    points = next;
    changed(points);
  };
  const catchUp = async () => {
    reading = true;
    const before = points.length;
    // What was there when it was asked for is in the answer, but for the last, which may have come on the way.
    if (await read()) set(points.slice(Math.max(0, before - most / 4)));
    reading = false;
  };
  return {
    add(more: readonly MetricPoint[]): void {
      set([...points, ...more]);
      if (points.length > most && !reading) void catchUp();
    },
  };
}
