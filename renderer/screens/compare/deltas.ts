import type { ChangesByRun, ComparisonView } from '#contract/api/comparison.ts';
import type { Share } from '#contract/evaluation.ts';
import { modelRoles } from '#contract/roles.ts';
import { hasOwnTargets } from '../model/targets.ts';

export type Compared = ComparisonView['runs'][number];
type Evaluation = NonNullable<Compared['evaluation']>;
export type Measure = keyof ChangesByRun[string];

/** Runs by what they are in the story; those of one role stay in the order given. */
export const orderByRole = (runs: readonly Compared[]): Compared[] =>
  runs.toSorted((a, b) => modelRoles.indexOf(a.role) - modelRoles.indexOf(b.role));

/** The measures of the table. `up`: more is better; a lower attack success is. */
export const measures: readonly { name: Measure; word: string; up: boolean }[] = [
  { name: 'ca', word: 'CA, %', up: true },
  { name: 'top5', word: 'Top-5, %', up: true },
  { name: 'asr', word: 'ASR, %', up: false },
  { name: 'attackTop5', word: 'ASR top-5, %', up: false },
  { name: 'targetWithoutTrigger', word: 'Target without trigger, %', up: false },
  { name: 'poisonedAccuracy', word: 'Poisoned accuracy, %', up: true },
];

/** Where a measure stands in an evaluation. */
const shares: Record<Measure, (evaluation: Evaluation) => Share | null | undefined> = {
  ca: ({ ca }) => ca,
  top5: ({ top5 }) => top5,
  asr: ({ asr }) => asr,
  attackTop5: ({ metrics }) => metrics.attackTop5,
  targetWithoutTrigger: ({ cleanAsTarget }) => cleanAsTarget,
  poisonedAccuracy: ({ metrics }) => metrics.poisonedAccuracy,
};

export const shareOf = ({ evaluation }: Compared, measure: Measure): Share | null =>
  (evaluation && shares[measure](evaluation)) ?? null;

/** A run's value less the baseline's; null for the baseline itself and where one of them was not measured. */
export function deltaOf(run: Compared, baseline: Compared | undefined, measure: Measure): number | null {
  if (baseline === undefined || baseline.id === run.id) return null;
  const own = shareOf(run, measure);
  const other = shareOf(baseline, measure);
  return own === null || other === null ? null : own.value - other.value;
}

export type DeltaVerdict = 'better' | 'worse' | 'alike';

export type Change = ChangesByRun[string][Measure];

/**
 * Whether a change can be told: `alike` where the paired interval of the difference holds 0 or, where the pictures are
 * not the same, where the Wilson intervals of run and baseline meet.
 */
export function judgeDelta(
  run: Compared,
  baseline: Compared | undefined,
  measure: Measure,
  up: boolean,
  change: Change = null,
): DeltaVerdict {
  if (change !== null) {
    if (change.low <= 0 && change.high >= 0) return 'alike';
    return change.value > 0 === up ? 'better' : 'worse';
  }
  const own = shareOf(run, measure);
  const other = baseline === undefined ? null : shareOf(baseline, measure);
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
