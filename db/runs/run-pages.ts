import type { RunPageRequest } from '#contract/api/runs.ts';
import type { Run, RunShape, RunState } from '#contract/run.ts';
import { holds, textToHold } from '../holds.ts';
import { countFileModels } from '../models/file-models.ts';
import { latestScores } from '../models/scores.ts';
import { type Database, prepare, type SqlValue } from '../statements.ts';
import { type ShapeRow, shapeColumns, splitShape } from './run-shape.ts';
import { findRunsById } from './runs.ts';

const sortKeys = {
  name: 'r.name COLLATE NOCASE',
  state: 'r.state',
  data: 'coalesce(v.name, d.name) COLLATE NOCASE',
  ca: 'CAST(s.ca_hits AS REAL) / s.ca_count',
  asr: 'CAST(s.asr_hits AS REAL) / s.asr_count',
  took: 'r.seconds',
  when: 'coalesce(r.ended_at, r.started_at, r.created_at)',
  begun: 'coalesce(r.started_at, r.created_at)',
} as const satisfies Record<RunPageRequest['sort'], string>;

const names = `FROM runs r JOIN datasets d ON d.number = r.dataset LEFT JOIN variants v ON v.number = r.variant`;

/** The runs of one page, and how many there are on all pages; runs without a value to sort by come last. */
export function findRunPage(db: Database, request: RunPageRequest): { total: number; runs: Run[] } {
  const { archived, text, states, sort, descending, offset, limit } = request;
  const fits = [
    'r.deleted_at IS NULL AND r.archived = ?',
    `r.state IN (${states.map(() => '?').join(', ')})`,
  ];
  const values: SqlValue[] = [Number(archived), ...states];
  const wanted = text.trim();
  if (wanted !== '') {
    fits.push(
      holds(`${['r.name', 'd.name', "coalesce(v.name, '')", 'r.note', 'r.method'].join(' || char(10) || ')}`),
    );
    values.push(...textToHold(wanted));
  }
  const where = `WHERE ${fits.join(' AND ')}`;
  const counted = prepare<{ count: number }>(db, `SELECT count(*) AS count ${names} ${where}`).get(...values);
  const scored = sort === 'ca' || sort === 'asr' ? `LEFT JOIN (${latestScores}) s ON s.run = r.number` : '';
  const key = sortKeys[sort];
  const order = descending ? 'DESC' : 'ASC';
  const ids = prepare<{ id: string }>(
    db,
    `SELECT r.id ${names} ${scored} ${where} ORDER BY ${key} ${order} NULLS LAST, r.number ${order} LIMIT ? OFFSET ?`,
  ).all(...values, limit, offset);
  return {
    total: counted?.count ?? 0,
    runs: findRunsById(
      db,
      ids.map(({ id }) => id),
    ),
  };
}

/** How many runs there are, archived or not. */
export function countRuns(db: Database, archived: boolean): number {
  const row = prepare<{ count: number }>(
    db,
    'SELECT count(*) AS count FROM runs WHERE deleted_at IS NULL AND archived = ?',
  ).get(Number(archived));
  return row?.count ?? 0;
}

/** Runs that wait in a queue, in their order. */
export function listQueuedRuns(db: Database): Run[] {
  const ids = prepare<{ id: string }>(
    db,
    `SELECT id FROM runs WHERE state = 'queued' AND queue_place IS NOT NULL AND deleted_at IS NULL ORDER BY queue_place`,
  ).all();
  return findRunsById(
    db,
    ids.map(({ id }) => id),
  );
}

/** What is needed to name a run. */
export interface RunName {
  id: string;
  name: string;
  shape: RunShape;
  state: RunState;
  hasModel: boolean;
}

/** The newest runs whose name holds `text`, or the newest of all for an empty one. */
export function findRunNames(db: Database, text: string, limit: number): RunName[] {
  return prepare<Omit<RunName, 'hasModel' | 'shape'> & ShapeRow & { hasModel: number }>(
    db,
    `SELECT r.id, r.name, ${shapeColumns}, r.state, EXISTS (SELECT 1 FROM models m WHERE m.run = r.number) AS hasModel
     FROM runs r WHERE r.deleted_at IS NULL AND ${holds('r.name')} ORDER BY r.number DESC LIMIT ?`,
  )
    .all(...textToHold(text), limit)
    .map(({ hasModel, ...row }) => ({ ...splitShape(row), hasModel: hasModel === 1 }));
}

/** How many runs there are, and how many models, those from files among them. */
export function countRunsAndModels(db: Database): { runs: number; models: number } {
  const row = prepare<{ runs: number; models: number }>(
    db,
    `SELECT count(*) AS runs, count(m.number) AS models FROM runs r LEFT JOIN models m ON m.run = r.number
     WHERE r.deleted_at IS NULL`,
  ).get();
  const { runs, models } = row ?? { runs: 0, models: 0 };
  return { runs, models: models + countFileModels(db) };
}
