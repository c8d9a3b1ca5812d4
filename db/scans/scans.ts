import type { RunEnvironment } from '#contract/run.ts';
import { type Scan, scanResultSchema, scanSettingsSchema } from '#contract/scan.ts';
import { createId, missing, now, numberOf } from '../names.ts';
import { type Database, prepare } from '../statements.ts';

export type NewScan = Omit<Scan, 'createdAt'> & { environment: RunEnvironment };

/** An id for a scan to come: its files lie in a folder of that name. */
export const createScanId = (): string => createId('scans');

export function insertScan(db: Database, scan: NewScan): Scan {
  prepare(
    db,
    `INSERT INTO scans (id, model, dataset, settings, result, environment, seconds, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    scan.id,
    numberOf(db, 'models', scan.modelId),
    numberOf(db, 'datasets', scan.datasetId),
    JSON.stringify(scan.settings),
    JSON.stringify(scan.result),
    JSON.stringify(scan.environment),
    scan.seconds,
    now(),
  );
  return findScan(db, scan.id);
}

/** The scan of this id. Throws `not-found`. */
export function findScan(db: Database, id: string): Scan {
  const row = prepare<Omit<Scan, 'settings' | 'result'> & { settings: string; result: string }>(
    db,
    `SELECT s.id, m.id AS modelId, d.id AS datasetId, s.settings, s.result, s.seconds, s.created_at AS createdAt
     FROM scans s JOIN models m ON m.number = s.model JOIN datasets d ON d.number = s.dataset WHERE s.id = ?`,
  ).get(id);
  if (row === undefined) throw missing('scans', id, []);
  return {
    ...row,
    settings: scanSettingsSchema.parse(JSON.parse(row.settings)),
    result: scanResultSchema.parse(JSON.parse(row.result)),
  };
}
