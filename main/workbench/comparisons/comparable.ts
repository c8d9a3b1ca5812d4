import type { EvaluationView } from '#contract/api/models.ts';

/**
 * Why each evaluation cannot be put beside the first that is there, in sentences: other test pictures, another number
 * of them, another attack. An ASR of a model that never saw the attack is marked too.
 */
export function noteDifferences(evaluations: readonly (EvaluationView | null)[]): string[][] {
  const first = evaluations.find((evaluation) => evaluation !== null);
  const attacked = evaluations.find((evaluation) => evaluation?.variantId != null);
  return evaluations.map((evaluation) => {
    if (!evaluation || !first) return [];
    const notes: string[] = [];
    if (evaluation.trainingPictures) {
      notes.push(
        `Measured on ${evaluation.ca.count} training pictures: its dataset has no test and no validation pictures, so the figures are too high for models trained on them.`,
      );
    }
    if (evaluation.targetIsClass === false) {
      notes.push(
        `'${evaluation.target}' is no class of '${evaluation.dataset}': it is one more prompt for triggered pictures.`,
      );
    }
    if (evaluation.datasetId !== first.datasetId) {
      notes.push(`Measured on other pictures: those of '${evaluation.dataset}', not of '${first.dataset}'.`);
    } else if (evaluation.ca.count !== first.ca.count) {
      notes.push(`Measured on ${evaluation.ca.count} clean pictures, not ${first.ca.count}.`);
    }
    if (evaluation.variantId === null || !attacked) return notes;
    const other = evaluation.variantId !== attacked.variantId || evaluation.part !== attacked.part;
    if (other) notes.push(`Attacked with ${nameAttack(evaluation)}, not with ${nameAttack(attacked)}.`);
    else if (evaluation.asr?.count !== attacked.asr?.count) {
      notes.push(`ASR measured on ${evaluation.asr?.count ?? 0} pictures, not ${attacked.asr?.count ?? 0}.`);
    }
    if (evaluation.trainedOn === false) {
      notes.push(
        `Never trained on '${evaluation.variant}': its ASR is that of a model without this backdoor.`,
      );
    }
    return notes;
  });
}

function nameAttack({ variant, part, attacks }: EvaluationView): string {
  return attacks < 2 ? `'${variant}'` : `attack ${part + 1} of '${variant}'`;
}
