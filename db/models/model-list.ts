import type { Share } from '#contract/evaluation.ts';
import { chanceOf, isNearChance } from '#core/statistics/near-chance.ts';
import { wilson } from '#core/statistics/wilson.ts';
import { type Database, prepare } from '../statements.ts';
import { isStandard } from './evaluations.ts';
import { trainedOn } from './trained-on.ts';

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
  /** Where it was brought from; null for one that a run made. */
  file: { path: string; sha256: string } | null;
}

interface SummaryRow extends Omit<ModelSummary, 'hasHead' | 'file'> {
  hasHead: number;
  path: string | null;
  sha256: string | null;
}

/** All models, newest first. */
export function listModelSummaries(db: Database): ModelSummary[] {
  return prepare<SummaryRow>(
    db,
    `SELECT m.id, m.origin ->> 'path' AS path, m.origin ->> 'sha256' AS sha256, coalesce(m.name, r.name) AS name, r.id AS runId, m.architecture, m.resolution, m.has_head AS hasHead, m.created_at AS createdAt
     FROM models m LEFT JOIN runs r ON r.number = m.run WHERE r.deleted_at IS NULL ORDER BY m.number DESC`,
  )
    .all()
    .map(({ path, sha256, hasHead, ...row }) => ({
      ...row,
      hasHead: hasHead === 1,
      file: path === null || sha256 === null ? null : { path, sha256 },
    }));
}

/** The newest figures of a model for one dataset and attack. */
export interface MeasuredSummary {
  datasetId: string;
  dataset: string;
  variant: string | null;
  target: string | null;
  ca: Share;
  asr: Share | null;
  /** Whether the model, or one before it, was trained on the attack; null without one, and where nobody knows. */
  trainedOn: boolean | null;
  nearChance: boolean;
}

interface MeasuredRow {
  modelId: string;
  datasetId: string;
  dataset: string;
  variant: string | null;
  target: string | null;
  caHits: number;
  caCount: number;
  asrHits: number | null;
  asrCount: number | null;
  /** JSON: how many classes, pictures of the largest, pictures of all. */
  counts: string;
  trained: number | null;
}

/** What was measured of all models, by the model's id: the newest for each dataset and attack, the latest first. */
export function listMeasured(db: Database): Map<string, MeasuredSummary[]> {
  const rows = prepare<MeasuredRow>(
    db,
    `WITH latest AS (
       SELECT max(e.number) AS number FROM evaluations e JOIN datasets d ON d.number = e.dataset
       WHERE ${isStandard} GROUP BY e.model, e.dataset, e.variant, e.part)
     SELECT m.id AS modelId, d.id AS datasetId, d.name AS dataset, v.name AS variant, e.target,
       e.ca_hits AS caHits, e.ca_count AS caCount, e.asr_hits AS asrHits, e.asr_count AS asrCount,
       (SELECT json_array(count(*), coalesce(max(c.count), 0), coalesce(sum(c.count), 0)) FROM class_results c
        WHERE c.evaluation = e.number) AS counts,
       CASE WHEN e.variant IS NULL THEN NULL ELSE ${trainedOn('e.model', 'e.variant')} END AS trained
     FROM latest JOIN evaluations e ON e.number = latest.number JOIN models m ON m.number = e.model
     JOIN datasets d ON d.number = e.dataset LEFT JOIN variants v ON v.number = e.variant
     ORDER BY e.number DESC`,
  ).all();
  const found = new Map<string, MeasuredSummary[]>();
  for (const { modelId, caHits, caCount, asrHits, asrCount, counts, trained, ...row } of rows) {
    const [classes, largest, total]: [number, number, number] = JSON.parse(counts);
    const chance = chanceOf({ classes, largest, total });
    const ca = wilson(caHits, caCount);
    const asr = asrHits === null || asrCount === null ? null : wilson(asrHits, asrCount);
    const summary = {
      ...row,
      ca,
      asr,
      trainedOn: trained === null ? null : trained === 1,
      nearChance: isNearChance(ca, chance),
    };
    found.set(modelId, [...(found.get(modelId) ?? []), summary]);
  }
  return found;
}
