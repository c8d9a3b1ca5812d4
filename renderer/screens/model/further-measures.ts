import type { EvaluationView } from '#contract/api/models.ts';
import {
  type FurtherMeasureName,
  furtherMeasureNames,
  furtherMeasureOf,
} from '#contract/further-measures.ts';

/** The further measures that say something of an evaluation; a linear head has no prompts and no text tower. */
export function fittingMeasures({
  variantId,
  prompts,
}: Pick<EvaluationView, 'variantId' | 'prompts'>): { name: FurtherMeasureName; label: string }[] {
  return furtherMeasureNames
    .map((name) => ({ name, ...furtherMeasureOf(name) }))
    .filter(
      ({ needsAttack, needsTextTower }) =>
        (!needsAttack || variantId !== null) && (!needsTextTower || prompts !== null),
    )
    .map(({ name, label }) => ({ name, label }));
}
