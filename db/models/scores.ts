import type { Evaluation, Share } from '#contract/evaluation.ts';
import { hasTrainingPictures } from '#core/measured-split.ts';
import { wilson } from '#core/statistics/wilson.ts';
import { type Database, prepare } from '../statements.ts';
import { isShown } from './evaluations.ts';
import { trainedOn } from './trained-on.ts';

/** CA and ASR of a run's latest evaluation with its dataset's prompts; of several attacks, under the first. */
export interface Scores {
  ca: Share;
  asr: Share | null;
  implanted: boolean | null;
  /** Training pictures were measured: the figures are too high for models trained on them. */
  trainingPictures: boolean;
  /** Whether the model, or one before it, was trained on the attack; null without one, and where nobody knows. */
  trainedOn: boolean | null;
}

interface ScoresRow {
  caHits: number;
  caCount: number;
  asrHits: number | null;
  asrCount: number | null;
  implanted: number | null;
  testSplit: Evaluation['testSplit'];
  trained: number | null;
}

const columns = `e.ca_hits AS caHits, e.ca_count AS caCount, e.asr_hits AS asrHits, e.asr_count AS asrCount,
  e.implanted, e.test_split AS testSplit,
  CASE WHEN e.variant IS NULL THEN NULL ELSE ${trainedOn('e.model', 'e.variant')} END AS trained`;

/** For each run that was measured (`run`, its number) the hits and counts of its latest evaluation. */
export const latestScores = `SELECT m.run, e.ca_hits, e.ca_count, e.asr_hits, e.asr_count
  FROM evaluations e JOIN models m ON m.number = e.model
  WHERE e.number IN (SELECT max(e.number) FROM evaluations e JOIN datasets d ON d.number = e.dataset
    WHERE ${isShown} GROUP BY e.model)`;

/** The scores of all runs that have any, by run id, in one query: a list of 10,000 runs asks once. */
export function listScores(db: Database): Map<string, Scores> {
  const rows = prepare<ScoresRow & { runId: string }>(
    db,
    `WITH latest AS (
       SELECT max(e.number) AS number FROM evaluations e JOIN datasets d ON d.number = e.dataset
       WHERE ${isShown} GROUP BY e.model)
     SELECT r.id AS runId, ${columns}
     FROM latest JOIN evaluations e ON e.number = latest.number JOIN models m ON m.number = e.model
     JOIN runs r ON r.number = m.run`,
  ).all();
  return new Map(rows.map(({ runId, ...row }) => [runId, toScores(row)]));
}

/** The scores of one run; null where it was not measured. */
export function findScores(db: Database, runId: string): Scores | null {
  const row = prepare<ScoresRow>(
    db,
    `SELECT ${columns} FROM runs r JOIN models m ON m.run = r.number JOIN evaluations e ON e.model = m.number
     JOIN datasets d ON d.number = e.dataset
     WHERE r.id = ? AND ${isShown} ORDER BY e.number DESC LIMIT 1`,
  ).get(runId);
  return row === undefined ? null : toScores(row);
}

/** The scores of one model, whatever it came from; null where it was not measured. */
export function findModelScores(db: Database, modelId: string): Scores | null {
  const row = prepare<ScoresRow>(
    db,
    `SELECT ${columns} FROM models m JOIN evaluations e ON e.model = m.number JOIN datasets d ON d.number = e.dataset
     WHERE m.id = ? AND ${isShown} ORDER BY e.number DESC LIMIT 1`,
  ).get(modelId);
  return row === undefined ? null : toScores(row);
}

/** How long the latest evaluation of a model of this architecture took, in s per test picture; null where there is none. */
export function secondsPerPicture(db: Database, architecture: string): number | null {
  const row = prepare<{ seconds: number | null }>(
    db,
    `SELECT e.seconds / nullif(e.ca_count, 0) AS seconds FROM evaluations e JOIN models m ON m.number = e.model
     WHERE m.architecture = ? ORDER BY e.number DESC LIMIT 1`,
  ).get(architecture);
  return row?.seconds ?? null;
}

function toScores({ caHits, caCount, asrHits, asrCount, implanted, testSplit, trained }: ScoresRow): Scores {
  return {
    ca: wilson(caHits, caCount),
    asr: asrHits === null || asrCount === null ? null : wilson(asrHits, asrCount),
    implanted: implanted === null ? null : implanted === 1,
    trainingPictures: hasTrainingPictures(testSplit),
    trainedOn: trained === null ? null : trained === 1,
  };
}
