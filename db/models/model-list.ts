import { type Database, prepare } from '../statements.ts';

/** A model without the bulk of its specification (a small one's vocabulary has thousands of numbers). */
export interface ModelSummary {
  id: string;
  /** Its own, or its run's. */
  name: string;
  /** null where it was brought from a file. */
  runId: string | null;
  architecture: string;
  /** Side of the pictures that it takes, px. */
  resolution: number;
  hasHead: boolean;
  createdAt: string;
}

/** All models, newest first. */
export function listModelSummaries(db: Database): ModelSummary[] {
  return prepare<Omit<ModelSummary, 'hasHead'> & { hasHead: number }>(
    db,
    `SELECT m.id, coalesce(m.name, r.name) AS name, r.id AS runId, m.architecture, m.resolution, m.has_head AS hasHead, m.created_at AS createdAt
     FROM models m LEFT JOIN runs r ON r.number = m.run WHERE r.deleted_at IS NULL ORDER BY m.number DESC`,
  )
    .all()
    .map((row) => ({ ...row, hasHead: row.hasHead === 1 }));
}
