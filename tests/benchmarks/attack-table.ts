import type { Evaluation, Share } from '#contract/evaluation.ts';
import type { Attack } from './attack-list.ts';

type Result = Pick<Evaluation['result'], 'ca' | 'asr' | 'cleanAsTarget' | 'implanted'>;

export interface AttackRow {
  attack: Attack;
  poisonedPairs: number;
  /** Means over test pictures, with and without the trigger. */
  distance: { l2: number; ssim: number; changedShare: number };
  poisoned: Result;
  cleaned: Result;
}

/** The table of docs/attacks.md. What CleanCLIP leaves of an attack that was never there says nothing, and is so marked. */
export function formatAttacks(rows: readonly AttackRow[], seed: number): string {
  const head = [
    'kind',
    'preset',
    'changed pixels, %',
    'L2',
    'SSIM',
    'poisoned CA, %',
    'poisoned ASR, %',
    'implanted',
    'CleanCLIP CA, %',
    'CleanCLIP ASR, %',
  ];
  const body = rows.map(({ attack, distance, poisoned, cleaned }) => {
    const took = poisoned.implanted === true;
    return [
      attack.kind,
      attack.preset,
      (100 * distance.changedShare).toFixed(1),
      distance.l2.toFixed(2),
      distance.ssim.toFixed(3),
      withInterval(poisoned.ca),
      withInterval(poisoned.asr),
      took ? 'yes' : '**no**',
      withInterval(cleaned.ca),
      took ? withInterval(cleaned.asr) : `(${withInterval(cleaned.asr)})`,
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `Seed ${seed}, ${rows[0]?.poisonedPairs ?? 0} poisoned pairs each.`,
    '',
    line(head),
    line(head.map((_, index) => (index < 2 ? '---' : '--:'))),
    ...body.map(line),
  ].join('\n');
}

/** Percent with its Wilson 95 % interval. */
function withInterval(share: Share | null): string {
  if (share === null) return '-';
  const [value, low, high] = [share.value, share.low, share.high].map((one) => (100 * one).toFixed(1));
  return `${value} [${low}, ${high}]`;
}
