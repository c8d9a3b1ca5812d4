import type { AttackDetails } from '#contract/api/comparison.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import { nextClass, type Variant } from '#contract/variant.ts';
import { countRecords } from '#db/datasets/records.ts';
import { rememberRead } from '#db/reading.ts';
import { countByPart, findVariant } from '#db/variants/variants.ts';
import type { Workspace } from '../workspace.ts';

/** @param part the attack's place among the recipe's parts, from 0 */
export function describeAttack({ db }: Workspace, variant: Variant, part: number): AttackDetails {
  return rememberRead(db, `attack ${part} of ${variant.id}`, () => readAttack(db, variant, part));
}

function readAttack(db: Workspace['db'], variant: Variant, part: number): AttackDetails {
  const { parts } = variant.recipe;
  const { trigger, target, strategy = 'templates' } = parts[part] ?? parts[0];
  const { kind, ...parameters } = trigger;
  const poisons = countByPart(db, variant.id)[part] ?? variant.changed;
  const pairs = countRecords(db, variant.datasetId, { split: 'train' });
  return {
    variant: variant.name,
    variantId: variant.id,
    number: part + 1,
    of: parts.length,
    trigger: kind,
    parameters: { ...parameters },
    resolution: variant.recipe.resolution,
    target: target === nextClass ? 'the class after its own' : target,
    strategy,
    poisons,
    rate: pairs === 0 ? null : poisons / pairs,
    seed: variant.recipe.seed,
    manifestSha256: variant.manifestSha256,
  };
}

/** What an evaluation attacked with; null: clean pictures alone. */
export function attackOfEvaluation(
  workspace: Workspace,
  { variantId, part }: Pick<Evaluation, 'variantId' | 'part'>,
): AttackDetails | null {
  return variantId === null ? null : describeAttack(workspace, findVariant(workspace.db, variantId), part);
}

export type { AttackDetails } from '#contract/api/comparison.ts';
