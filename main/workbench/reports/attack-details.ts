import { nextClass, type Variant } from '#contract/variant.ts';
import { countRecords } from '#db/datasets/records.ts';
import { countByPart } from '#db/variants/variants.ts';
import type { Workspace } from '../workspace.ts';

/** An attack with all that a reader needs to make it again, or to tell it from another. */
export interface AttackDetails {
  variant: string;
  variantId: string;
  /** Which of the variant's attacks, from 1, and how many it has. */
  number: number;
  of: number;
  trigger: string;
  /** Of the trigger; pixels at `resolution`. */
  parameters: Record<string, unknown>;
  resolution: number;
  target: string;
  strategy: string;
  /** Poisoned pairs, and their share of the training pairs, in [0, 1]. */
  poisons: number;
  rate: number | null;
  seed: number;
  manifestSha256: string;
}

/** @param part the attack's place among the recipe's parts, from 0 */
export function describeAttack({ db }: Workspace, variant: Variant, part: number): AttackDetails {
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
    parameters,
    resolution: variant.recipe.resolution,
    target: target === nextClass ? 'the class after its own' : target,
    strategy,
    poisons,
    rate: pairs === 0 ? null : poisons / pairs,
    seed: variant.recipe.seed,
    manifestSha256: variant.manifestSha256,
  };
}
