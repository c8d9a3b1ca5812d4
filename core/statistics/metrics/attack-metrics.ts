import type { Share } from '#contract/evaluation.ts';
import { type AttackMetricName, attackMetrics } from '#contract/metrics.ts';
import { wilson } from '../wilson.ts';

/** A picture that an attack is measured on: its label is not what the attacker wants of it. */
export interface AttackedPicture {
  /** Class numbers. */
  label: number;
  target: number;
  /** Class numbers, best first; `triggered` is null where no trigger was laid on. */
  clean: readonly number[];
  triggered: readonly number[] | null;
}

/** Whether a picture counts; null where it cannot be known. */
type Judge = (picture: AttackedPicture) => boolean | null;

const judges = {
  targetWithoutTrigger: ({ clean, target }) => clean[0] === target,
  poisonedAccuracy: ({ triggered, label }) => triggered && triggered[0] === label,
  attackTop5: ({ triggered, target }) => triggered?.slice(0, 5).includes(target) ?? null,
} satisfies Record<AttackMetricName, Judge>;

/** Each metric of an attack that could be measured: without pictures there is no number. */
export function measureAttack(
  pictures: readonly AttackedPicture[],
): Partial<Record<AttackMetricName, Share>> {
  const found: Partial<Record<AttackMetricName, Share>> = {};
  for (const name of Object.keys(attackMetrics) as AttackMetricName[]) {
    const judged = pictures.map(judges[name]);
    if (judged.length === 0 || judged.includes(null)) continue;
    found[name] = wilson(judged.filter(Boolean).length, judged.length);
  }
  return found;
}
