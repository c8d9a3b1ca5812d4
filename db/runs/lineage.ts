import type { RunShape, RunState } from '#contract/run.ts';
import { holds, textToHold } from '../holds.ts';
import { type Database, prepare } from '../statements.ts';
import { type ShapeRow, shapeColumns, splitShape } from './run-shape.ts';

export interface LineageRun {
  id: string;
  name: string;
  shape: RunShape;
  state: RunState;
  datasetId: string;
  variantId: string | null;
  /** The run that made the model it started from; null where it started from none, or that run was deleted. */
  parentRunId: string | null;
  /** The model from a file that it started from. */
  parentFileModelId: string | null;
}

/** A model that was brought from a file. */
export interface LineageModel {
  id: string;
  name: string;
  architecture: string;
}

export interface LineageVariant {
  id: string;
  name: string;
  datasetId: string;
  changed: number;
}

export interface LineageDataset {
  id: string;
  name: string;
  records: number;
}

/** Some of a kind and how many more there are. */
export interface Part<T> {
  rows: T[];
  leftOut: number;
}

interface Request {
  newest: number;
  text: string;
}

const names = 'runs r JOIN datasets d ON d.number = r.dataset LEFT JOIN variants v ON v.number = r.variant';

/** Listed: not deleted, not archived, and its own name or that of its data holds the text. */
const isListed = `r.deleted_at IS NULL AND r.archived = 0
  AND ${holds("r.name || char(10) || d.name || char(10) || coalesce(v.name, '')")}`;

/** The newest runs with all that they came from, be it archived or without the text; oldest first. */
export function lineageOfRuns(db: Database, { newest, text }: Request): Part<LineageRun> {
  const wanted = textToHold(text);
  const rows = prepare<Omit<LineageRun, 'shape'> & ShapeRow & { listed: number }>(
    db,
    `WITH RECURSIVE chosen (number, parent) AS (
       SELECT number, parent_model FROM (
         SELECT r.number, r.parent_model FROM ${names} WHERE ${isListed} ORDER BY r.number DESC LIMIT ?)
       UNION
       SELECT r.number, r.parent_model FROM chosen JOIN models m ON m.number = chosen.parent
         JOIN runs r ON r.number = m.run WHERE r.deleted_at IS NULL)
     SELECT r.id, r.name, ${shapeColumns}, r.state, d.id AS datasetId, v.id AS variantId, p.id AS parentRunId,
       CASE WHEN m.run IS NULL THEN m.id END AS parentFileModelId, ${isListed} AS listed
     FROM chosen JOIN runs r ON r.number = chosen.number JOIN datasets d ON d.number = r.dataset
     LEFT JOIN variants v ON v.number = r.variant LEFT JOIN models m ON m.number = r.parent_model
     LEFT JOIN runs p ON p.number = m.run AND p.deleted_at IS NULL ORDER BY r.number`,
  ).all(...wanted, newest, ...wanted);
  const { rows: listed, leftOut } = toPart(db, rows, `${names} WHERE ${isListed}`, wanted);
  return { rows: listed.map(splitShape), leftOut };
}

/** The newest models from a file with those of these ids, newest first. */
export function lineageOfFileModels(
  db: Database,
  { newest, text }: Request,
  ids: readonly string[],
): Part<LineageModel> {
  const isNamed = `m.run IS NULL AND ${holds('m.name')}`;
  const wanted = textToHold(text);
  const rows = prepare<LineageModel & { listed: number }>(
    db,
    `SELECT m.id, m.name, m.architecture, ${isNamed} AS listed FROM models m
     WHERE m.number IN (SELECT m.number FROM models m WHERE ${isNamed} ORDER BY m.number DESC LIMIT ?)
       OR m.id IN (SELECT value FROM json_each(?)) ORDER BY m.number DESC`,
  ).all(...wanted, ...wanted, newest, JSON.stringify(ids));
  return toPart(db, rows, `models m WHERE ${isNamed}`, wanted);
}

/** The newest variants with those of these ids; the one made or trained on last comes first. */
export function lineageOfVariants(
  db: Database,
  { newest, text }: Request,
  ids: readonly string[],
): Part<LineageVariant> {
  const from = 'variants v JOIN datasets d ON d.number = v.dataset';
  const isNamed = holds('v.name || char(10) || d.name');
  const wanted = textToHold(text);
  const rows = prepare<LineageVariant & { listed: number }>(
    db,
    `SELECT v.id, v.name, d.id AS datasetId, v.changed, ${isNamed} AS listed FROM ${from}
     WHERE v.number IN (SELECT v.number FROM ${from} WHERE ${isNamed} ORDER BY v.number DESC LIMIT ?)
       OR v.id IN (SELECT value FROM json_each(?))
     ORDER BY max(v.created_at, coalesce((SELECT r.created_at FROM runs r WHERE r.variant = v.number
       ORDER BY r.number DESC LIMIT 1), '')) DESC, v.number DESC`,
  ).all(...wanted, ...wanted, newest, JSON.stringify(ids));
  return toPart(db, rows, `${from} WHERE ${isNamed}`, wanted);
}

/** The newest datasets with those of these ids, newest first. */
export function lineageOfDatasets(
  db: Database,
  { newest, text }: Request,
  ids: readonly string[],
): Part<LineageDataset> {
  const isNamed = `d.state = 'ready' AND ${holds('d.name')}`;
  const wanted = textToHold(text);
  const rows = prepare<LineageDataset & { listed: number }>(
    db,
    `SELECT d.id, d.name, d.records, ${isNamed} AS listed FROM datasets d
     WHERE d.number IN (SELECT d.number FROM datasets d WHERE ${isNamed} ORDER BY d.number DESC LIMIT ?)
       OR d.id IN (SELECT value FROM json_each(?)) ORDER BY d.number DESC`,
  ).all(...wanted, ...wanted, newest, JSON.stringify(ids));
  return toPart(db, rows, `datasets d WHERE ${isNamed}`, wanted);
}

/** @param from what all listed rows are counted in, with its condition on `wanted` */
function toPart<T extends { listed: number }>(
  db: Database,
  rows: readonly T[],
  from: string,
  wanted: readonly string[],
): Part<Omit<T, 'listed'>> {
  const all =
    prepare<{ count: number }>(db, `SELECT count(*) AS count FROM ${from}`).get(...wanted)?.count ?? 0;
  const shown = rows.filter(({ listed }) => listed === 1).length;
  return { rows: rows.map(({ listed: _, ...row }) => row), leftOut: all - shown };
}
