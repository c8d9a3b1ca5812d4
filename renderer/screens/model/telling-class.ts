import type { EvaluationView } from '#contract/api/models.ts';

/**
 * The class whose pictures are shown before a person chooses one: where the attack turned the most pictures; where
 * nothing was attacked, the one with the most pictures. Of equals the first; null where there is none.
 */
export function tellingClass({ perClass }: Pick<EvaluationView, 'perClass'>): string | null {
  const attacked = perClass.some(({ attackSuccess }) => (attackSuccess?.hits ?? 0) > 0);
  const weightOf = (row: EvaluationView['perClass'][number]) =>
    attacked ? (row.attackSuccess?.hits ?? 0) : row.count;
  let best: EvaluationView['perClass'][number] | null = null;
  for (const row of perClass) {
    if (weightOf(row) > (best === null ? 0 : weightOf(best))) best = row;
  }
  return best?.class ?? null;
}
