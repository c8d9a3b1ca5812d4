import { numberOf } from '../names.ts';
import { type Database, prepare } from '../statements.ts';

/** What a list shows of a run besides the run itself. */
export interface RunExtras {
  note: string;
  archived: boolean;
  queuePlace: number | null;
  dataset: string;
  variant: string | null;
  /** The model that it starts from. */
  parent: { name: string; modelId: string; runId: string | null } | null;
}

interface ExtrasRow {
  id: string;
  note: string;
  archived: number;
  queuePlace: number | null;
  dataset: string;
  variant: string | null;
  parentName: string | null;
  parentModelId: string | null;
  parentRunId: string | null;
}

const select = `SELECT r.id, r.note, r.archived, d.name AS dataset, v.name AS variant, coalesce(p.name, pr.name) AS parentName,
  p.id AS parentModelId, pr.id AS parentRunId,
  CASE WHEN r.state = 'queued' AND r.queue_place IS NOT NULL THEN r.queue_place END AS queuePlace
  FROM runs r JOIN datasets d ON d.number = r.dataset
  LEFT JOIN variants v ON v.number = r.variant
  LEFT JOIN models p ON p.number = r.parent_model LEFT JOIN runs pr ON pr.number = p.run
  WHERE r.deleted_at IS NULL`;

/** Of all runs, by id, in one query. */
export function listRunExtras(db: Database): Map<string, RunExtras> {
  const rows = prepare<ExtrasRow>(db, select).all();
  return new Map(rows.map((row) => [row.id, toExtras(row)]));
}

/** Of one run; null where there is none. */
export function findRunExtras(db: Database, runId: string): RunExtras | null {
  const row = prepare<ExtrasRow>(db, `${select} AND r.id = ?`).get(runId);
  return row === undefined ? null : toExtras(row);
}

function toExtras({
  parentName,
  parentModelId,
  parentRunId,
  archived,
  note,
  queuePlace,
  dataset,
  variant,
}: ExtrasRow): RunExtras {
  return {
    note,
    archived: archived === 1,
    queuePlace,
    dataset,
    variant,
    parent:
      parentName === null || parentModelId === null
        ? null
        : { name: parentName, modelId: parentModelId, runId: parentRunId },
  };
}

/** At most `points` losses of a run, evenly spaced over its steps; those that are no numbers are left out. */
export function previewLosses(db: Database, runId: string, lastStep: number, points: number): number[] {
  const count = Math.min(points, lastStep);
  const steps = Array.from({ length: count }, (_, index) => Math.round(((index + 1) * lastStep) / count));
  return prepare<{ value: number | null }>(
    db,
    `SELECT value FROM metrics WHERE run = ? AND name = 'loss' AND step IN (SELECT value FROM json_each(?))
     ORDER BY step`,
  )
    .all(numberOf(db, 'runs', runId), JSON.stringify(steps))
    .flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : [value]));
}
