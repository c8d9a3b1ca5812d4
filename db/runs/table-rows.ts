import type { RunState } from '#contract/run.ts';
import { isShown } from '../models/evaluations.ts';
import { type Database, prepare } from '../statements.ts';

/** What of a run stays as it is, as it is stored: read once. */
export interface StoredRun {
  number: number;
  id: string;
  /** JSON: a runConfigSchema. */
  config: string;
  architecture: string;
  leftOut: number;
  datasetId: string;
  variantId: string | null;
  /** Of the model that it starts from. */
  parentModelId: string | null;
  createdAt: string;
}

/** What of a run changes. */
export interface RunStatus {
  number: number;
  name: string;
  state: RunState;
  dataset: string;
  variant: string | null;
  parent: string | null;
  modelId: string | null;
  archived: number;
  note: string;
  /** JSON: a list of words. */
  tags: string;
  seconds: number;
  endedAt: string | null;
  device: string | null;
}

/** The latest evaluation of a run with its dataset's prompts; of several attacks, under the first. */
export interface RunResult {
  /** Of the run. */
  number: number;
  evaluation: number;
  variantId: string | null;
  target: string | null;
  implanted: number | null;
  caHits: number;
  caCount: number;
  top5Hits: number;
  top5Count: number;
  asrHits: number | null;
  asrCount: number | null;
}

/** Runs with a number above `after`, oldest first, deleted ones left out. */
export function listStoredRuns(db: Database, after: number): StoredRun[] {
  return prepare<StoredRun>(
    db,
    `SELECT r.number, r.id, r.config, r.architecture, r.left_out AS leftOut, d.id AS datasetId, v.id AS variantId,
       p.id AS parentModelId, r.created_at AS createdAt
     FROM runs r JOIN datasets d ON d.number = r.dataset LEFT JOIN variants v ON v.number = r.variant
     LEFT JOIN models p ON p.number = r.parent_model
     WHERE r.number > ? ORDER BY r.number`,
  ).all(after);
}

/** All runs that are not deleted, oldest first. */
export function listRunStatuses(db: Database): RunStatus[] {
  return prepare<RunStatus>(
    db,
    `SELECT r.number, r.name, r.state, d.name AS dataset, v.name AS variant, coalesce(p.name, pr.name) AS parent,
       m.id AS modelId, r.archived, r.note, r.tags, r.seconds, r.ended_at AS endedAt,
       r.environment ->> '$.backend' AS device
     FROM runs r JOIN datasets d ON d.number = r.dataset LEFT JOIN variants v ON v.number = r.variant
     LEFT JOIN models p ON p.number = r.parent_model LEFT JOIN runs pr ON pr.number = p.run
     LEFT JOIN models m ON m.run = r.number
     WHERE r.deleted_at IS NULL ORDER BY r.number`,
  ).all();
}

const latest = `SELECT max(e.number) FROM evaluations e JOIN datasets d ON d.number = e.dataset
  WHERE ${isShown} GROUP BY e.model`;

export function listRunResults(db: Database): RunResult[] {
  return prepare<RunResult>(
    db,
    `SELECT m.run AS number, e.number AS evaluation, v.id AS variantId, e.target, e.implanted, e.ca_hits AS caHits,
       e.ca_count AS caCount, e.top5_hits AS top5Hits, e.top5_count AS top5Count, e.asr_hits AS asrHits, e.asr_count AS asrCount
     FROM evaluations e JOIN models m ON m.number = e.model LEFT JOIN variants v ON v.number = e.variant
     WHERE m.run IS NOT NULL AND e.number IN (${latest})`,
  ).all();
}

/** The further metrics of the evaluations of {@link listRunResults}. */
export function listResultMetrics(
  db: Database,
): { evaluation: number; metric: string; hits: number; count: number }[] {
  return prepare<{ evaluation: number; metric: string; hits: number; count: number }>(
    db,
    `SELECT evaluation, metric, hits, count FROM evaluation_metrics WHERE evaluation IN (${latest})`,
  ).all();
}

/** A variant as the run table names its attack. */
export interface StoredVariant {
  id: string;
  name: string;
  /** JSON: a recipeSchema. */
  recipe: string;
  changed: number;
  manifestSha256: string;
  /** Training pairs of its dataset. */
  trainingPairs: number;
}

export function listStoredVariants(db: Database): StoredVariant[] {
  return prepare<StoredVariant>(
    db,
    `SELECT v.id, v.name, v.recipe, v.changed, v.manifest_sha256 AS manifestSha256,
       coalesce((SELECT count FROM record_counts c
         WHERE c.dataset = v.dataset AND c.facet = 'split' AND c.value = 'train'), 0) AS trainingPairs
     FROM variants v ORDER BY v.number`,
  ).all();
}

/** Gives a run these tags in place of those that it has. */
export function setRunTags(db: Database, runId: string, tags: readonly string[]): void {
  prepare(db, 'UPDATE runs SET tags = ? WHERE id = ?').run(JSON.stringify([...new Set(tags)].sort()), runId);
}

export function readRunTags(db: Database, runId: string): string[] {
  const row = prepare<{ tags: string }>(db, 'SELECT tags FROM runs WHERE id = ?').get(runId);
  return row === undefined ? [] : (JSON.parse(row.tags) as string[]);
}
