import type { AttackView } from '#contract/api/models.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { RecipePart, Variant } from '#contract/variant.ts';
import { listMeasuredVariants } from '#db/models/evaluations.ts';
import { lookUpModel } from '#db/models/models.ts';
import { findRun } from '#db/runs/runs.ts';
import { findVariant } from '#db/variants/variants.ts';
import type { Workspace } from '../workspace.ts';
import { attackedVariantOf, attackedVariantOfModel } from './attacked-variant.ts';

/**
 * An attack of a variant by its place, from 0.
 * @throws WorkbenchError `bad-input` where the variant has fewer, which says how many
 */
export function findPart({ id, name, recipe }: Variant, place: number): RecipePart {
  const { parts } = recipe;
  const part = parts[place];
  if (part !== undefined) return part;
  const many = parts.length === 1 ? 'one attack' : `${parts.length} attacks`;
  throw new WorkbenchError('bad-input', `Variant '${name}' has ${many}: there is no attack ${place + 1}.`, {
    variant: id,
    attacks: parts.length,
    attack: place + 1,
  });
}

/** An attack as it is named beside what was measured. @throws WorkbenchError `bad-input` as {@link findPart} */
export function viewAttack(variant: Variant, place: number): AttackView {
  const { trigger, target } = findPart(variant, place);
  return {
    variantId: variant.id,
    variant: variant.name,
    part: place,
    attacks: variant.recipe.parts.length,
    trigger: trigger.kind,
    target,
  };
}

/** Every attack of a variant, in their order. */
export function viewAttacks(variant: Variant): AttackView[] {
  return variant.recipe.parts.map((_, place) => viewAttack(variant, place));
}

/**
 * The attacks that a model (by its name or id, or those of its run) is measured under: those of its lineage, then those
 * of other variants that it was measured with.
 * @throws WorkbenchError `not-found`
 */
export function viewAttacksOn(workspace: Workspace, nameOrId: string): AttackView[] {
  const { db } = workspace;
  const { model } = lookUpModel(db, nameOrId);
  const own =
    model === null
      ? attackedVariantOf(workspace, findRun(db, nameOrId))
      : attackedVariantOfModel(workspace, model.id);
  const measured = model === null ? [] : listMeasuredVariants(db, model.id);
  const variants = new Set(own === null ? measured : [own, ...measured]);
  return [...variants].flatMap((id) => viewAttacks(findVariant(db, id)));
}
