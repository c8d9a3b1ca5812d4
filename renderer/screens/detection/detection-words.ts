import { type DetectionSettings, detectors } from '#contract/detection.ts';

/** The detector and what of its settings decides most, in a few words. */
export function detectorWords({ detector, among, neighbours }: DetectionSettings): string {
  const { label, neighbours: usual } = detectors[detector];
  const k = usual === null ? '' : `, k = ${neighbours}`;
  return `${label}${k}${among === 'all' ? ', all pairs' : ''}`;
}

/** An AUROC, which is not measured where no manifest says what is poisoned. */
export const aurocWords = (auroc: number | null): string => auroc?.toFixed(3) ?? 'not measured';

/** A budget of contract/detection.ts as a person reads it. */
export const budgetWords = (budget: string): string => `${100 * Number(budget)} %`;
