import type { ComparisonView } from '#contract/api/comparison.ts';
import { modelRoles } from '#contract/roles.ts';
import { hasOwnTargets } from '../model/targets.ts';

export type Compared = ComparisonView['runs'][number];
type Evaluation = NonNullable<Compared['evaluation']>;
export type Measure = 'ca' | 'top5' | 'asr';

/** Runs by what they are in the story; those of one role stay in the order given. */
export const orderByRole = (runs: readonly Compared[]): Compared[] =>
  runs.toSorted((a, b) => modelRoles.indexOf(a.role) - modelRoles.indexOf(b.role));

/** The measures of the table. `up`: more is better; a lower attack success is. */
export const measures: readonly { name: Measure; word: string; up: boolean }[] = [
  { name: 'ca', word: 'CA, %', up: true },
  { name: 'top5', word: 'Top-5, %', up: true },
  { name: 'asr', word: 'ASR, %', up: false },
];

export const measuredOf = (run: Compared, measure: Measure): number | null =>
  run.evaluation?.[measure]?.value ?? null;

/** A run's value less the baseline's; null for the baseline itself and where one of them was not measured. */
export function deltaOf(run: Compared, baseline: Compared | undefined, measure: Measure): number | null {
  if (baseline === undefined || baseline.id === run.id) return null;
  const own = measuredOf(run, measure);
  const other = measuredOf(baseline, measure);
  return own === null || other === null ? null : own - other;
}

export type DeltaVerdict = 'better' | 'worse' | 'alike';

/** Whether a change can be told: `alike` where the Wilson intervals of run and baseline meet. */
export function judgeDelta(
  run: Compared,
  baseline: Compared | undefined,
  measure: Measure,
  up: boolean,
): DeltaVerdict {
  const own = run.evaluation?.[measure];
  const other = baseline?.evaluation?.[measure];
  if (!own || !other || (own.low <= other.high && other.low <= own.high)) return 'alike';
  return own.value > other.value === up ? 'better' : 'worse';
}

export interface HeatRow {
  class: string;
  target: boolean;
  /** One for each run, in [0, 1]; null where it was not measured or is not counted. */
  values: (number | null)[];
}

/**
 * Classes by runs, in the order in which the classes are first met.
 * @param measure attack success or clean accuracy of each class
 */
export function heatRows(runs: readonly Compared[], measure: 'asr' | 'ca'): HeatRow[] {
  const byRun = runs.map(
    ({ evaluation }) => new Map((evaluation?.perClass ?? []).map((row) => [row.class, row])),
  );
  const classes = [...new Set(byRun.flatMap((rows) => [...rows.keys()]))];
  const targets = new Set(
    runs.flatMap(({ evaluation }) =>
      evaluation?.target && !hasOwnTargets(evaluation) ? [evaluation.target] : [],
    ),
  );
  return classes.map((name) => ({
    class: name,
    target: targets.has(name),
    values: byRun.map((rows) => {
      const row: Evaluation['perClass'][number] | undefined = rows.get(name);
      const share = measure === 'asr' ? row?.attackSuccess : row?.accuracy;
      return share && share.count > 0 ? share.value : null;
    }),
  }));
}
