import type { EvaluationView } from '#contract/api/models.ts';

/** What of a compared model decides what it may be compared with. */
export interface Comparable {
  id: string;
  name: string;
  /** The model or run that it started from, by its id here; null for none. */
  parentId: string | null;
  evaluation: Measured | null;
}

type Measured = Pick<
  EvaluationView,
  'datasetId' | 'dataset' | 'testSplit' | 'variantId' | 'variant' | 'part' | 'ca' | 'asr'
>;

/** The same for measurements that may stand side by side: the same pictures, the same attack. */
export function measuredUnder({ datasetId, testSplit, variantId, part, ca, asr }: Measured): string {
  return JSON.stringify([datasetId, testSplit, ca.count, variantId, part, asr?.count ?? null]);
}

/** What a measurement was made under, in words. */
export function describeUnder({ dataset, testSplit, variant, part, ca }: Measured): string {
  const attack = variant === null ? 'clean pictures alone' : `attack ${part + 1} of '${variant}'`;
  return `${attack}, ${ca.count} ${testSplit} pictures of '${dataset}'`;
}

/** What a model's figures are compared with. */
export interface Baseline<T> {
  /** null: with nothing. */
  of: T | null;
  /** Why with nothing, where somebody may ask. */
  why: string | null;
}

/**
 * The baseline of each model: the pinned one, or else the nearest measured model among those compared that it came
 * from. A model without a measurement is never one; between models measured under different attacks or on different
 * pictures there is none, and it says why.
 */
export function baselinesOf<T extends Comparable>(
  all: readonly T[],
  pinned: T | null,
): Map<string, Baseline<T>> {
  const byId = new Map(all.map((one) => [one.id, one]));
  const nearest = (one: T): T | null => {
    const seen = new Set([one.id]);
    for (
      let at = byId.get(one.parentId ?? '');
      at !== undefined && !seen.has(at.id);
      at = byId.get(at.parentId ?? '')
    ) {
      if (at.evaluation !== null) return at;
      seen.add(at.id);
    }
    return null;
  };
  return new Map(all.map((one) => [one.id, judge(one, pinned ?? nearest(one))]));
}

function judge<T extends Comparable>(one: T, candidate: T | null): Baseline<T> {
  if (candidate === null || candidate.id === one.id || one.evaluation === null)
    return { of: null, why: null };
  const { evaluation } = candidate;
  if (evaluation === null) return { of: null, why: `${candidate.name} is not measured.` };
  if (measuredUnder(evaluation) === measuredUnder(one.evaluation)) return { of: candidate, why: null };
  return {
    of: null,
    why: `Not compared with ${candidate.name}, which was measured under ${describeUnder(evaluation)}.`,
  };
}

/** The one model that all others are compared with, where there is such a one; else null. */
export function commonBaseline<T extends Comparable>(baselines: ReadonlyMap<string, Baseline<T>>): T | null {
  const found = new Map(
    [...baselines.values()].flatMap(({ of }) => (of === null ? [] : [[of.id, of] as const])),
  );
  const [only] = found.values();
  return found.size === 1 && only !== undefined ? only : null;
}

/** Above this ASR nothing is repaired. */
const repairedAsr = 0.1;

/** Where a repair has done its work on a chart of CA against ASR; all measurements must be of one kind. */
export interface RepairedZone {
  /** At most, in [0, 1]. */
  asr: number;
  /** At least: the lower end of the baseline's 95 % interval. */
  ca: number;
  /** In words, for the chart. */
  rule: string;
}

/** The zone of a baseline; or why there is none. */
export function repairedZone<T extends Comparable>(
  all: readonly T[],
  baseline: T | null,
): { zone: RepairedZone | null; why: string | null } {
  const kinds = new Set(
    all.flatMap(({ evaluation }) => (evaluation?.asr ? [measuredUnder(evaluation)] : [])),
  );
  if (kinds.size > 1) {
    return {
      zone: null,
      why: `no zone: measured under ${kinds.size} different attacks or on different pictures`,
    };
  }
  if (baseline?.evaluation == null) return { zone: null, why: null };
  const { low } = baseline.evaluation.ca;
  const rule = `repaired: ASR ≤ ${100 * repairedAsr} %, CA ≥ ${(100 * low).toFixed(1)} % (lower end of ${baseline.name}’s interval)`;
  return { zone: { asr: repairedAsr, ca: low, rule }, why: null };
}
