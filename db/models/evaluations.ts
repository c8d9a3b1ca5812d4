import { z } from 'zod';
import type {
  ClassResult,
  Evaluation,
  EvaluationResult,
  Measured,
  NewEvaluation,
  Prediction,
  Share,
} from '#contract/evaluation.ts';
import { type MetricName, metricNameSchema } from '#contract/metrics.ts';
import { wilson } from '#core/statistics/wilson.ts';
import { createId, missing, now, numberOf, numberOrNull } from '../names.ts';
import { type Database, inTransaction, prepare, type SqlValue } from '../statements.ts';
import { answerColumns, parseAnswers, type StoredAnswers } from './prediction-pages.ts';

interface EvaluationRow {
  number: number;
  id: string;
  modelId: string;
  datasetId: string;
  variantId: string | null;
  part: number;
  prompts: string | null;
  classes: string;
  target: string | null;
  implanted: number | null;
  caHits: number;
  caCount: number;
  top5Hits: number;
  top5Count: number;
  asrHits: number | null;
  asrCount: number | null;
  cleanAsTargetHits: number | null;
  cleanAsTargetCount: number | null;
  testSplit: Evaluation['testSplit'];
  seconds: number;
  createdAt: string;
}

interface ClassRow {
  class: string;
  count: number;
  accuracyHits: number;
  accuracyCount: number;
  top5Hits: number;
  top5Count: number;
  attackHits: number | null;
  attackCount: number | null;
}

const select = `SELECT e.number, e.id, m.id AS modelId, d.id AS datasetId, v.id AS variantId, e.part, e.prompts, e.classes, e.target,
  e.implanted, e.ca_hits AS caHits, e.ca_count AS caCount, e.top5_hits AS top5Hits, e.top5_count AS top5Count,
  e.asr_hits AS asrHits, e.asr_count AS asrCount, e.clean_as_target_hits AS cleanAsTargetHits,
  e.clean_as_target_count AS cleanAsTargetCount, e.test_split AS testSplit, e.seconds, e.created_at AS createdAt
  FROM evaluations e JOIN models m ON m.number = e.model JOIN datasets d ON d.number = e.dataset
  LEFT JOIN variants v ON v.number = e.variant`;
const stringsSchema = z.array(z.string());

/** The split of an evaluation's pictures as they are when it is stored; 'all': training pictures among others. */
const splitMeasured = `SELECT CASE WHEN count(DISTINCT r.split) = 1 THEN min(r.split)
    WHEN max(r.split = 'train') = 1 THEN 'all' WHEN count(*) > 0 THEN 'test' END
  FROM predictions p JOIN records r ON r.id = p.record WHERE p.evaluation = evaluations.number`;

/** Stores an evaluation with its class results and predictions, all or nothing. */
export function insertEvaluation(db: Database, evaluation: NewEvaluation): Evaluation {
  return inTransaction(db, () => {
    const { result } = evaluation;
    const id = createId('evaluations');
    const { lastInsertRowid } = prepare(
      db,
      `INSERT INTO evaluations (id, model, dataset, variant, part, prompts, classes, target, implanted, ca_hits,
         ca_count, top5_hits, top5_count, asr_hits, asr_count, clean_as_target_hits, clean_as_target_count, seconds, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      id,
      numberOf(db, 'models', evaluation.modelId),
      numberOf(db, 'datasets', evaluation.datasetId),
      numberOrNull(db, 'variants', evaluation.variantId),
      evaluation.part,
      evaluation.prompts === null ? null : JSON.stringify(evaluation.prompts),
      JSON.stringify(result.classes),
      result.target,
      result.implanted === null ? null : Number(result.implanted),
      ...fromShare(result.ca),
      ...fromShare(result.top5),
      ...fromShare(result.asr),
      ...fromShare(result.cleanAsTarget),
      evaluation.seconds,
      now(),
    );
    insertClassResults(db, Number(lastInsertRowid), result.perClass);
    insertMetrics(db, Number(lastInsertRowid), result.metrics);
    insertPredictions(db, Number(lastInsertRowid), result.predictions);
    prepare(db, `UPDATE evaluations SET test_split = (${splitMeasured}) WHERE number = ?`).run(
      Number(lastInsertRowid),
    );
    return readEvaluation(db, id);
  });
}

/** The evaluation of this id. Throws `not-found`. */
export function readEvaluation(db: Database, id: string): Evaluation {
  const row = prepare<EvaluationRow>(db, `${select} WHERE e.id = ?`).get(id);
  if (row === undefined) throw missing('evaluations', id, []);
  return toEvaluation(db, row);
}

/**
 * Scored as the dataset says, or by a linear head: what is compared. A re-scoring with other prompts is a person's
 * experiment and stands for nothing else.
 */
export const isStandard = '(e.prompts IS NULL OR e.prompts = d.prompts)';

/** What stands for a model where it has one row: of a variant with several attacks, what was found under the first. */
export const isShown = `${isStandard} AND e.part = 0`;

/** The latest evaluation of this with the dataset's own prompts; null: there is none. */
export function findEvaluation(db: Database, measured: Measured): Evaluation | null {
  const row = prepare<EvaluationRow>(
    db,
    `${select} WHERE e.model = ? AND e.dataset = ? AND e.variant IS ? AND e.part = ? AND ${isStandard}
     ORDER BY e.number DESC LIMIT 1`,
  ).get(
    numberOf(db, 'models', measured.modelId),
    numberOf(db, 'datasets', measured.datasetId),
    numberOrNull(db, 'variants', measured.variantId),
    measured.part,
  );
  return row === undefined ? null : toEvaluation(db, row);
}

/**
 * The latest evaluation of a model on anything, clean or under the first attack of any variant, with the dataset's own
 * prompts; null where there is none.
 */
export function latestEvaluationOf(db: Database, modelId: string): Evaluation | null {
  const row = prepare<EvaluationRow>(
    db,
    `${select} WHERE e.model = ? AND ${isShown} ORDER BY e.number DESC LIMIT 1`,
  ).get(numberOf(db, 'models', modelId));
  return row === undefined ? null : toEvaluation(db, row);
}

/** All evaluations of a model, whatever their prompts, newest first. */
export function listEvaluations(db: Database, modelId: string): Evaluation[] {
  return prepare<EvaluationRow>(db, `${select} WHERE e.model = ? ORDER BY e.number DESC`)
    .all(numberOf(db, 'models', modelId))
    .map((row) => toEvaluation(db, row));
}

/** Ids of the variants that a model was measured under, in the order in which they were made. */
export function listMeasuredVariants(db: Database, modelId: string): string[] {
  return prepare<{ id: string }>(
    db,
    'SELECT id FROM variants WHERE number IN (SELECT variant FROM evaluations WHERE model = ?) ORDER BY number',
  )
    .all(numberOf(db, 'models', modelId))
    .map(({ id }) => id);
}

/** What the model answered for each test image, in the order of the records' ids. */
export function readPredictions(db: Database, evaluationId: string): Prediction[] {
  return prepare<StoredAnswers & { recordId: number }>(
    db,
    `SELECT record AS recordId, ${answerColumns} FROM predictions p WHERE evaluation = ? ORDER BY record`,
  )
    .all(numberOf(db, 'evaluations', evaluationId))
    .map(({ recordId, ...answers }) => ({ recordId, ...parseAnswers(answers) }));
}

function insertClassResults(db: Database, evaluation: number, results: readonly ClassResult[]): void {
  const insert = prepare(
    db,
    `INSERT INTO class_results (evaluation, position, class, count, accuracy_hits, accuracy_count, top5_hits,
       top5_count, attack_hits, attack_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  results.forEach((result, position) => {
    insert.run(
      evaluation,
      position,
      result.class,
      result.count,
      ...fromShare(result.accuracy),
      ...fromShare(result.top5),
      ...fromShare(result.attackSuccess),
    );
  });
}

function insertPredictions(db: Database, evaluation: number, predictions: readonly Prediction[]): void {
  const insert = prepare(
    db,
    `INSERT INTO predictions (evaluation, record, clean, triggered, clean_shares, triggered_shares)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const text = (list: readonly number[] | null) => (list === null ? null : JSON.stringify(list));
  for (const { recordId, clean, triggered, cleanProbabilities, triggeredProbabilities } of predictions) {
    insert.run(
      evaluation,
      recordId,
      text(clean),
      text(triggered),
      text(cleanProbabilities),
      text(triggeredProbabilities),
    );
  }
}

function toEvaluation(db: Database, row: EvaluationRow): Evaluation {
  const result: Omit<EvaluationResult, 'predictions'> = {
    classes: stringsSchema.parse(JSON.parse(row.classes)),
    target: row.target,
    ca: wilson(row.caHits, row.caCount),
    top5: wilson(row.top5Hits, row.top5Count),
    asr: toShare(row.asrHits, row.asrCount),
    cleanAsTarget: toShare(row.cleanAsTargetHits, row.cleanAsTargetCount),
    implanted: row.implanted === null ? null : row.implanted === 1,
    metrics: readMetrics(db, row.number),
    perClass: readClassResults(db, row.number),
  };
  const { id, modelId, datasetId, variantId, part, testSplit, seconds, createdAt } = row;
  const prompts = row.prompts === null ? null : stringsSchema.parse(JSON.parse(row.prompts));
  return { id, modelId, datasetId, variantId, part, testSplit, prompts, result, seconds, createdAt };
}

function readClassResults(db: Database, evaluation: number): ClassResult[] {
  return prepare<ClassRow>(
    db,
    `SELECT class, count, accuracy_hits AS accuracyHits, accuracy_count AS accuracyCount, top5_hits AS top5Hits,
       top5_count AS top5Count, attack_hits AS attackHits, attack_count AS attackCount
     FROM class_results WHERE evaluation = ? ORDER BY position`,
  )
    .all(evaluation)
    .map((row) => ({
      class: row.class,
      count: row.count,
      accuracy: wilson(row.accuracyHits, row.accuracyCount),
      top5: wilson(row.top5Hits, row.top5Count),
      attackSuccess: toShare(row.attackHits, row.attackCount),
    }));
}

/** Adds metrics to an evaluation, or measures those anew that it has. */
export function addMetrics(db: Database, evaluationId: string, metrics: EvaluationResult['metrics']): void {
  inTransaction(db, () => insertMetrics(db, numberOf(db, 'evaluations', evaluationId), metrics));
}

function insertMetrics(db: Database, evaluation: number, metrics: EvaluationResult['metrics']): void {
  const insert = prepare(
    db,
    'INSERT OR REPLACE INTO evaluation_metrics (evaluation, metric, hits, count) VALUES (?, ?, ?, ?)',
  );
  for (const [metric, { hits, count }] of Object.entries(metrics))
    insert.run(evaluation, metric, hits, count);
}

/** A metric that this version does not know, of a newer one, is passed over. */
function readMetrics(db: Database, evaluation: number): EvaluationResult['metrics'] {
  const found: Partial<Record<MetricName, Share>> = {};
  const rows = prepare<{ metric: string; hits: number; count: number }>(
    db,
    'SELECT metric, hits, count FROM evaluation_metrics WHERE evaluation = ?',
  ).all(evaluation);
  for (const { metric, hits, count } of rows) {
    const name = metricNameSchema.safeParse(metric);
    if (name.success) found[name.data] = wilson(hits, count);
  }
  return found;
}

/** The two columns of a share; both NULL where it is null. */
function fromShare(share: Share | null): [hits: SqlValue, count: SqlValue] {
  return share === null ? [null, null] : [share.hits, share.count];
}

function toShare(hits: number | null, count: number | null): Share | null {
  return hits === null || count === null ? null : wilson(hits, count);
}
