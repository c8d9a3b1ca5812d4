import type { ConfusionCell, EvaluationView, ModelView, PredictionRow } from '#contract/api/models.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import { nextClass } from '#contract/variant.ts';
import { hasTrainingPictures } from '#core/measured-split.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { listEvaluations, readEvaluation } from '#db/models/evaluations.ts';
import { listMeasured, listModelSummaries } from '#db/models/model-list.ts';
import { findModel, lookUpModel } from '#db/models/models.ts';
import { countConfusions, type Pass, pagePredictions } from '#db/models/prediction-pages.ts';
import { wasTrainedOn } from '#db/models/trained-on.ts';
import { findVariant } from '#db/variants/variants.ts';
import { runIdOf } from '../models/ancestry.ts';
import { findUnseenTokens } from '../models/unseen-tokens.ts';
import type { Workspace } from '../workspace.ts';
import { viewAttack } from './attacks.ts';

/** All models, newest first. */
export function viewModels({ db }: Workspace): ModelView[] {
  const measured = listMeasured(db);
  return listModelSummaries(db).map((model) => ({ ...model, measured: measured.get(model.id) ?? [] }));
}

/**
 * All evaluations of a model, by its name or id or those of its run, newest first; none where a run has made none yet.
 * @throws WorkbenchError `not-found`
 */
export function viewEvaluations(workspace: Workspace, nameOrId: string): EvaluationView[] {
  const { run } = lookUpModel(workspace.db, nameOrId);
  if (run !== null) return [];
  const { id } = findModel(workspace.db, nameOrId);
  return listEvaluations(workspace.db, id).map((evaluation) => viewEvaluation(workspace, evaluation));
}

/** An evaluation with the names of what it belongs to. */
export function viewEvaluation(workspace: Workspace, evaluation: Evaluation): EvaluationView {
  const { db } = workspace;
  const { result, ...rest } = evaluation;
  const model = findModel(db, evaluation.modelId);
  const { variantId, part } = evaluation;
  const attack = variantId === null ? null : viewAttack(findVariant(db, variantId), part);
  return {
    ...rest,
    ...result,
    testSplit: evaluation.testSplit ?? 'all',
    trainingPictures: hasTrainingPictures(evaluation.testSplit),
    targetIsClass: result.target === null ? null : isClass(result),
    unseenTokens:
      evaluation.prompts === null
        ? []
        : (findUnseenTokens(model.spec, evaluation.prompts, result.classes)?.tokens ?? []),
    vocabulary: model.spec.vocabulary?.length ?? null,
    model: model.name,
    runId: runIdOf(model),
    dataset: findDataset(db, evaluation.datasetId).name,
    variant: attack?.variant ?? null,
    attacks: attack?.attacks ?? 0,
    trigger: attack?.trigger ?? null,
    trainedOn: variantId === null ? null : wasTrainedOn(db, model.id, variantId),
  };
}

/** All-to-all has a class for each class. */
const isClass = ({ target, classes }: Evaluation['result']): boolean =>
  target === nextClass || (target !== null && classes.includes(target));

/** What a picture can be predicted as: the classes, and a target that is none of them. */
const answersOf = (result: Evaluation['result']): string[] =>
  result.target === null || isClass(result) ? result.classes : [...result.classes, result.target];

/** The cells of both confusion matrices that are not 0; `triggered` is null where nothing was attacked. */
export interface ConfusionMatrices {
  classes: string[];
  clean: ConfusionCell[];
  triggered: ConfusionCell[] | null;
}

/** @throws WorkbenchError `not-found` */
export function readConfusion({ db }: Workspace, evaluationId: string): ConfusionMatrices {
  const { result } = readEvaluation(db, evaluationId);
  const { target } = result;
  const classes = answersOf(result);
  const places = new Map(classes.map((name, place) => [name, place]));
  const cellsOf = (pass: Pass) =>
    countConfusions(db, evaluationId, pass).flatMap(({ label, predicted, count }): ConfusionCell[] => {
      const place = places.get(label);
      return place === undefined ? [] : [[place, predicted, count]];
    });
  return { classes, clean: cellsOf('clean'), triggered: target === null ? null : cellsOf('triggered') };
}

export interface PredictionRequest {
  evaluationId: string;
  /** Class names; null for any. */
  label: string | null;
  predicted: string | null;
  /** Which answer `predicted` speaks of. */
  pass: Pass;
  offset: number;
  limit: number;
}

/** A picture with what was answered; the host knows where the picture itself is. */
export interface PredictedPicture extends Omit<PredictionRow, 'cleanPicture' | 'triggeredPicture'> {
  sha256: string | null;
}

/**
 * The pictures behind a class or a cell of the confusion matrix, in the order of their import, and the attack that
 * they were shown with (variant null: none).
 * @throws WorkbenchError `not-found` for the evaluation; `bad-input` for a class that it does not know
 */
export function viewPredictions(
  { db }: Workspace,
  { evaluationId, label, predicted, pass, offset, limit }: PredictionRequest,
): { total: number; variantId: string | null; part: number; rows: PredictedPicture[] } {
  const { result, variantId, part } = readEvaluation(db, evaluationId);
  const classes = answersOf(result);
  if (label !== null) placeOf(classes, label);
  const query = { label, predicted: predicted === null ? null : placeOf(classes, predicted), pass };
  const { total, rows } = pagePredictions(db, evaluationId, query, { offset, limit });
  const toAnswers = (ranking: readonly number[], probabilities: readonly number[] | null) =>
    ranking.map((place, rank) => ({
      class: classes[place] ?? '',
      probability: probabilities?.[rank] ?? null,
    }));
  return {
    total,
    variantId,
    part,
    rows: rows.map(({ clean, triggered, cleanProbabilities, triggeredProbabilities, ...row }) => ({
      ...row,
      clean: toAnswers(clean, cleanProbabilities),
      triggered: triggered === null ? null : toAnswers(triggered, triggeredProbabilities),
    })),
  };
}

function placeOf(classes: readonly string[], name: string): number {
  const place = classes.indexOf(name);
  if (place >= 0) return place;
  throw new WorkbenchError('bad-input', `The evaluation knows no class '${name}'.`, { class: name });
}
