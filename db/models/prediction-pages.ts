import { z } from 'zod';
import type { Prediction } from '#contract/evaluation.ts';
import { pictureHash } from '../datasets/stored-record.ts';
import { numberOf } from '../names.ts';
import { type Database, prepare, type SqlValue } from '../statements.ts';

const rankingSchema = z.array(z.number().int());
const probabilitiesSchema = z.array(z.number());

/** What a model answered for a picture, as it is stored: JSON lists (predictions in the first migration). */
export interface StoredAnswers {
  clean: string;
  triggered: string | null;
  cleanProbabilities: string | null;
  triggeredProbabilities: string | null;
}

/** The columns of {@link StoredAnswers} in `predictions p`. */
export const answerColumns =
  'p.clean, p.triggered, p.clean_shares AS cleanProbabilities, p.triggered_shares AS triggeredProbabilities';

export function parseAnswers(stored: StoredAnswers): Omit<Prediction, 'recordId'> {
  const parse = <T>(schema: z.ZodType<T>, text: string | null) =>
    text === null ? null : schema.parse(JSON.parse(text));
  return {
    clean: rankingSchema.parse(JSON.parse(stored.clean)),
    triggered: parse(rankingSchema, stored.triggered),
    cleanProbabilities: parse(probabilitiesSchema, stored.cleanProbabilities),
    triggeredProbabilities: parse(probabilitiesSchema, stored.triggeredProbabilities),
  };
}

/** A picture's label and what was answered, for counting again. */
export interface LabelledAnswers extends Pick<Prediction, 'recordId' | 'clean' | 'triggered'> {
  label: string;
}

/** What a model answered for each labelled picture, in the order of the records' ids. */
export function readLabelledAnswers(db: Database, evaluationId: string): LabelledAnswers[] {
  return prepare<StoredAnswers & { recordId: number; label: string }>(
    db,
    `SELECT p.record AS recordId, r.label AS label, ${answerColumns}
     FROM predictions p JOIN records r ON r.id = p.record
     WHERE p.evaluation = ? AND r.label IS NOT NULL ORDER BY p.record`,
  )
    .all(numberOf(db, 'evaluations', evaluationId))
    .map(({ recordId, label, ...answers }) => {
      const { clean, triggered } = parseAnswers(answers);
      return { recordId, label, clean, triggered };
    });
}

/** With or without the trigger. */
export type Pass = 'clean' | 'triggered';

/** How many pictures of a label were given a class. */
export interface ConfusionCount {
  label: string;
  /** Class number of the first answer. */
  predicted: number;
  count: number;
}

/** The cells of an evaluation's confusion matrix that are not 0; none for a pass that it lacks. */
export function countConfusions(db: Database, evaluationId: string, pass: Pass): ConfusionCount[] {
  return prepare<ConfusionCount>(
    db,
    `SELECT r.label AS label, json_extract(p.${pass}, '$[0]') AS predicted, count(*) AS count
     FROM predictions p JOIN records r ON r.id = p.record
     WHERE p.evaluation = ? AND p.${pass} IS NOT NULL GROUP BY r.label, predicted`,
  ).all(numberOf(db, 'evaluations', evaluationId));
}

/** Which pictures; null for any. */
export interface PredictionQuery {
  label: string | null;
  /** Class number of the first answer in `pass`. */
  predicted: number | null;
  pass: Pass;
}

/** What a model answered for a picture, with the picture's record. */
export interface PredictedRecord extends Prediction {
  key: string;
  /** Of the picture, hex; null: not looked at. */
  sha256: string | null;
  caption: string;
  label: string;
}

/** One page of an evaluation's predictions in the order of the records' ids, and how many the query has in all. */
export function pagePredictions(
  db: Database,
  evaluationId: string,
  query: PredictionQuery,
  { offset, limit }: { offset: number; limit: number },
): { total: number; rows: PredictedRecord[] } {
  const terms = ['p.evaluation = ?'];
  const values: SqlValue[] = [numberOf(db, 'evaluations', evaluationId)];
  if (query.label !== null) {
    terms.push('r.label = ?');
    values.push(query.label);
  }
  if (query.predicted !== null) {
    terms.push(`json_extract(p.${query.pass}, '$[0]') = ?`);
    values.push(query.predicted);
  }
  // CROSS JOIN keeps SQLite to the predictions' own order, which is that of the page.
  const from = `FROM predictions p CROSS JOIN records r ON r.id = p.record WHERE ${terms.join(' AND ')}`;
  const counted = prepare<{ total: number }>(db, `SELECT count(*) AS total ${from}`).get(...values);
  const rows = prepare<
    Pick<PredictedRecord, 'recordId' | 'key' | 'sha256' | 'caption' | 'label'> & StoredAnswers
  >(
    db,
    `SELECT p.record AS recordId, r.key, ${pictureHash} AS sha256, r.caption, r.label,
       ${answerColumns} ${from}
     ORDER BY p.record LIMIT ? OFFSET ?`,
  ).all(...values, limit, offset);
  return {
    total: counted?.total ?? 0,
    rows: rows.map((row) => ({ ...row, ...parseAnswers(row) })),
  };
}
