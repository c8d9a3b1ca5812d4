import type { AttackView, EvaluationView } from '#contract/api/models.ts';
import { kindWords, targetWords } from '../variants/recipe-words.ts';

type Named = Pick<EvaluationView, 'part' | 'attacks' | 'trigger' | 'target'>;

/** An attack as it is named beside its variant: `attack 2 of 3: blended picture → dog`, the only one by what it does. */
export function attackWords({ part, attacks, trigger, target }: Named): string {
  if (trigger === null || target === null) return 'clean pictures only';
  const what = `${kindWords[trigger]} → ${targetWords(target)}`;
  return attacks === 1 ? what : `attack ${part + 1} of ${attacks}: ${what}`;
}

/** An attack in the address of a page: variant and place, from 1. */
const keyOf = ({ variantId, part }: Pick<EvaluationView, 'variantId' | 'part'>): string =>
  variantId === null ? 'none' : `${variantId}.${part + 1}`;

/** Which attack the results of a model are shown under, and what was measured of it. */
export interface AttackChoice {
  /** Attacks to choose from, and clean pictures alone where that was measured. */
  options: { value: string; label: string }[];
  /** The chosen option. */
  value: string;
  /** null for clean pictures alone. */
  attack: AttackView | null;
  /** Newest first. */
  evaluations: EvaluationView[];
  /** What is shown; undefined where nothing was measured of it. */
  evaluation: EvaluationView | undefined;
}

/**
 * The evaluation asked for, else the newest of the attack asked for, else the newest of a first attack, as lists show.
 * @param evaluations newest first
 * @param attacks those of the model's lineage first
 * @param asked an evaluation's id and an option, as the address has them
 */
export function chooseAttack(
  evaluations: readonly EvaluationView[],
  attacks: readonly AttackView[],
  asked: { evaluation: string | null; attack: string | null },
): AttackChoice {
  const unattacked = evaluations.filter(({ variantId }) => variantId === null);
  const measured = new Set(evaluations.map(keyOf));
  const options = [
    ...attacks.map((attack) => ({
      value: keyOf(attack),
      label: `${attack.variant}, ${attackWords(attack)}${measured.has(keyOf(attack)) ? '' : ' (not measured)'}`,
    })),
    ...unattacked.slice(0, 1).map((one) => ({ value: keyOf(one), label: attackWords(one) })),
  ];
  const askedFor = evaluations.find(({ id }) => id === asked.evaluation);
  const newest = evaluations.find(({ part }) => part === 0) ?? evaluations[0];
  const value = askedFor
    ? keyOf(askedFor)
    : (options.find((option) => option.value === asked.attack)?.value ??
      (newest ? keyOf(newest) : (options[0]?.value ?? 'none')));
  const own = evaluations.filter((one) => keyOf(one) === value);
  return {
    options,
    value,
    attack: attacks.find((attack) => keyOf(attack) === value) ?? null,
    evaluations: own,
    evaluation: askedFor ?? own[0],
  };
}
