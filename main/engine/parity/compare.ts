import type { ParityCheck } from '#contract/engine.ts';

type Numbers = ArrayLike<number>;

/** A check with its verdict. An error that is no number counts as the largest there is, so that JSON can carry it. */
export function judge(name: string, error: number, tolerance: number): ParityCheck {
  const finite = Number.isFinite(error) ? error : Number.MAX_VALUE;
  return { name, error: finite, tolerance, ok: finite <= tolerance };
}

/** The largest absolute difference; infinite where the lengths differ or a value is no number. */
export function largestDifference(found: Numbers, expected: Numbers): number {
  return differences(found, expected).reduce((largest, difference) => Math.max(largest, difference), 0);
}

/** The largest absolute difference as a part of the largest absolute value expected. */
export function relativeDifference(found: Numbers, expected: Numbers): number {
  return relativeDifferences(found, expected).reduce((largest, part) => Math.max(largest, part), 0);
}

/** Each absolute difference as a part of the largest absolute value expected. */
export function relativeDifferences(found: Numbers, expected: Numbers): Float64Array {
  const scale = largestDifference(expected, new Float64Array(expected.length));
  return differences(found, expected).map((difference) => (difference === 0 ? 0 : difference / scale));
}

/** The smallest bound that `share` of the absolute differences keep. */
export function differenceWithin(found: Numbers, expected: Numbers, share: number): number {
  const sorted = differences(found, expected).sort();
  return sorted.length === 0 ? 0 : sorted[Math.ceil(share * sorted.length) - 1]!;
}

function differences(found: Numbers, expected: Numbers): Float64Array {
  if (found.length !== expected.length) return Float64Array.of(Number.POSITIVE_INFINITY);
  return Float64Array.from({ length: expected.length }, (_, at) => {
    const difference = Math.abs(found[at]! - expected[at]!);
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  });
}
