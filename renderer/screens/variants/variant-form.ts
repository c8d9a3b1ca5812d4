import type { Amount } from '#contract/variant.ts';

/** Settings of the form for a new variant; all of them stand in the address. */
export interface VariantForm {
  /** Empty until one is chosen. */
  target: string;
  amount: Amount;
  /** Side of the patch, px. */
  patchSize: number;
  /** Side of the picture, px. */
  resolution: number;
  seed: number;
  name: string;
}

/** The demo's (shared/demo/recipe.json: poison). */
const usual = { count: 400, rate: 0.05, patchSize: 6, resolution: 32, seed: 0 };

/** Of a small dataset at most one pair in so many is poisoned, unless the person says more. */
const usualShare = 10;

/**
 * Settings of an address; what it does not hold, or holds wrongly, is as in the demo.
 * @param trainPairs training pairs of the dataset
 */
export function readVariantForm(search: URLSearchParams, trainPairs: number): VariantForm {
  const usualCount = Math.min(usual.count, Math.max(1, Math.floor(trainPairs / usualShare)));
  const whole = (name: string, min: number, max: number, fallback: number): number => {
    const text = search.get(name);
    const number = text === null || text.trim() === '' ? Number.NaN : Number(text);
    return Number.isSafeInteger(number) && number >= min && number <= max ? number : fallback;
  };
  const rate = Number(search.get('rate'));
  const amount: Amount =
    search.get('amount') === 'rate'
      ? { kind: 'rate', rate: rate > 0 && rate <= 1 ? rate : usual.rate }
      : { kind: 'count', count: whole('count', 1, Number.MAX_SAFE_INTEGER, usualCount) };
  return {
    target: search.get('target') ?? '',
    amount,
    patchSize: whole('patch', 1, 1024, usual.patchSize),
    resolution: whole('resolution', 1, 4096, usual.resolution),
    seed: whole('seed', 0, Number.MAX_SAFE_INTEGER, usual.seed),
    name: (search.get('name') ?? '').slice(0, 200),
  };
}
