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

type ScanRow = Omit<Scan, 'settings' | 'result'> & { settings: string; result: string };

const select = `SELECT s.id, m.id AS modelId, d.id AS datasetId, s.settings, s.result, s.seconds,
  s.created_at AS createdAt
  FROM scans s JOIN models m ON m.number = s.model JOIN datasets d ON d.number = s.dataset`;

/** The scan of this id. Throws `not-found`. */
export function findScan(db: Database, id: string): Scan {
  const row = prepare<ScanRow>(db, `${select} WHERE s.id = ?`).get(id);
  if (row === undefined) throw missing('scans', id, []);
  return toScan(row);
}

/** All scans, newest first. */
export function listScans(db: Database): Scan[] {
  return prepare<ScanRow>(db, `${select} ORDER BY s.number DESC`).all().map(toScan);
}

const toScan = ({ settings, result, ...row }: ScanRow): Scan => ({
  ...row,
  settings: scanSettingsSchema.parse(JSON.parse(settings)),
  result: scanResultSchema.parse(JSON.parse(result)),
});
