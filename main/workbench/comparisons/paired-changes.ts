import type { Evaluation } from '#contract/evaluation.ts';
import { comparePaired, type PairedDifferences } from '#core/statistics/paired-shares.ts';
import { readEvaluation } from '#db/models/evaluations.ts';
import { readLabelledAnswers } from '#db/models/prediction-pages.ts';
import type { Workspace } from '../workspace.ts';

/**
 * How each evaluation differs from the baseline's, picture by picture, with intervals: by its id. What was measured on
 * another dataset or under another attack has null for the shares that it makes incomparable.
 */
export function pairChanges(
  { db }: Workspace,
  baselineId: string,
  evaluationIds: readonly string[],
): Map<string, PairedDifferences> {
  const read = (id: string) => {
    const evaluation = readEvaluation(db, id);
    const { classes, target } = evaluation.result;
    return { evaluation, answered: { classes, target, pictures: readLabelledAnswers(db, id) } };
  };
  const baseline = read(baselineId);
  const others = evaluationIds.filter((id) => id !== baselineId);
  return new Map(
    others.map((id) => {
      const own = read(id);
      const changes = comparePaired(own.answered, baseline.answered);
      return [id, isSameAttack(own.evaluation, baseline.evaluation) ? changes : withoutAttack(changes)];
    }),
  );
}

const isSameAttack = (one: Evaluation, other: Evaluation): boolean =>
  one.variantId === other.variantId && one.part === other.part;

const withoutAttack = ({ ca, top5 }: PairedDifferences): PairedDifferences => ({
  ca,
  top5,
  asr: null,
  attackTop5: null,
  poisonedAccuracy: null,
  targetWithoutTrigger: null,
});
