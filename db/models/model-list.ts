import { type Database, prepare } from '../statements.ts';

/** A model without the bulk of its specification (a small one's vocabulary has thousands of numbers). */
export interface ModelSummary {
  id: string;
  /** The run's name. */
  name: string;
  runId: string;
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
    `SELECT m.id, r.name, r.id AS runId, m.architecture, m.resolution, m.has_head AS hasHead, m.created_at AS createdAt
     FROM models m JOIN runs r ON r.number = m.run WHERE r.deleted_at IS NULL ORDER BY m.number DESC`,
  )
    .all()
    .map((row) => ({ ...row, hasHead: row.hasHead === 1 }));
}
