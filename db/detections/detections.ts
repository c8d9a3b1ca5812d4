import {
  type Detection,
  detectionSettingsSchema,
  recallSchema,
  type ScoredPair,
} from '#contract/detection.ts';
import type { RunEnvironment } from '#contract/run.ts';
import { createId, missing, now, numberOf, numberOrNull } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

export type NewDetection = Omit<Detection, 'id' | 'createdAt'> & { environment: RunEnvironment };

interface DetectionRow extends Omit<Detection, 'settings' | 'recallAt'> {
  settings: string;
  recall: string;
}

const select = `SELECT t.id, m.id AS modelId, d.id AS datasetId, v.id AS variantId, t.settings, t.pairs, t.poisoned,
  t.auroc, t.recall, t.seconds, t.created_at AS createdAt
  FROM detections t JOIN models m ON m.number = t.model JOIN datasets d ON d.number = t.dataset
  LEFT JOIN variants v ON v.number = t.variant`;

/** Stores a detection with its pairs, the most suspicious first, all or nothing. */
export function insertDetection(
  db: Database,
  detection: NewDetection,
  ranked: Iterable<Pick<ScoredPair, 'recordId' | 'score' | 'poisoned'>>,
): Detection {
  return inTransaction(db, () => {
    const id = createId('detections');
    const { lastInsertRowid } = prepare(
      db,
      `INSERT INTO detections (id, model, dataset, variant, settings, pairs, poisoned, auroc, recall, environment, seconds, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      id,
      numberOf(db, 'models', detection.modelId),
      numberOf(db, 'datasets', detection.datasetId),
      numberOrNull(db, 'variants', detection.variantId),
      JSON.stringify(detection.settings),
      detection.pairs,
      detection.poisoned,
      detection.auroc,
      JSON.stringify(detection.recallAt),
      JSON.stringify(detection.environment),
      detection.seconds,
      now(),
    );
    const insert = prepare(
      db,
      'INSERT INTO detection_scores (detection, place, record, score, poisoned) VALUES (?, ?, ?, ?, ?)',
    );
    let place = 0;
    for (const { recordId, score, poisoned } of ranked) {
      place += 1;
      insert.run(Number(lastInsertRowid), place, recordId, score, Number(poisoned));
    }
    return findDetection(db, id);
  });
}

/** The detection of this id. Throws `not-found`. */
export function findDetection(db: Database, id: string): Detection {
  const row = prepare<DetectionRow>(db, `${select} WHERE t.id = ?`).get(id);
  if (row === undefined) throw missing('detections', id, []);
  return toDetection(row);
}

/** All detections, newest first. */
export function listDetections(db: Database): Detection[] {
  return prepare<DetectionRow>(db, `${select} ORDER BY t.number DESC`).all().map(toDetection);
}

/** Every score of a detection, and whether the pair is poisoned. */
export function readScores(db: Database, id: string): { score: number; poisoned: boolean }[] {
  return prepare<{ score: number; poisoned: number }>(
    db,
    'SELECT score, poisoned FROM detection_scores WHERE detection = ? ORDER BY place',
  )
    .all(numberOf(db, 'detections', id))
    .map(({ score, poisoned }) => ({ score, poisoned: poisoned === 1 }));
}

/** Pairs from the place after `offset` on, the most suspicious first. */
export function readRanking(db: Database, id: string, offset: number, limit: number): ScoredPair[] {
  return prepare<Omit<ScoredPair, 'poisoned'> & { poisoned: number }>(
    db,
    `SELECT s.place, s.record AS recordId, r.key, s.score, s.poisoned
     FROM detection_scores s JOIN records r ON r.id = s.record
     WHERE s.detection = ? AND s.place > ? ORDER BY s.place LIMIT ?`,
  )
    .all(numberOf(db, 'detections', id), offset, limit)
    .map((row) => ({ ...row, poisoned: row.poisoned === 1 }));
}

function toDetection({ settings, recall, ...row }: DetectionRow): Detection {
  return {
    ...row,
    settings: detectionSettingsSchema.parse(JSON.parse(settings)),
    recallAt: recallSchema.parse(JSON.parse(recall)),
  };
}
