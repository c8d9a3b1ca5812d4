import { type Database, prepare } from './statements.ts';

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
    `SELECT m.id, r.name, r.id AS runId, json_extract(m.spec, '$.architecture') AS architecture,
       json_extract(m.spec, '$.clip.image.resolution') AS resolution,
       json_type(m.spec, '$.headClasses') = 'array' AS hasHead, m.created_at AS createdAt
     FROM models m JOIN runs r ON r.number = m.run ORDER BY m.number DESC`,
  )
    .all()
    .map((row) => ({ ...row, hasHead: row.hasHead === 1 }));
}
