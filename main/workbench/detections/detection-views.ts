import type { DetectionView, ScoreHistogram, Suspect } from '#contract/api/detections.ts';
import type { Detection } from '#contract/detection.ts';
import { countInBins, findEdges } from '#core/statistics/histogram.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import { addTag } from '#db/datasets/tags.ts';
import { findDetection, listDetections, readRanking, readScores } from '#db/detections/detections.ts';
import { findModel } from '#db/models/models.ts';
import { numberOf } from '#db/names.ts';
import { findVariant, readVariantRecords } from '#db/variants/variants.ts';
import { studiedIdOf } from '../models/studied-models.ts';
import type { Workspace } from '../workspace.ts';

/** All detections, newest first. */
export function viewDetections(workspace: Workspace): DetectionView[] {
  return listDetections(workspace.db).map((detection) => viewDetection(workspace, detection));
}

/** The detection of this id. @throws WorkbenchError `not-found` */
export function findDetectionView(workspace: Workspace, id: string): DetectionView {
  return viewDetection(workspace, findDetection(workspace.db, id));
}

/** A detection with the names of what it belongs to. */
function viewDetection({ db }: Workspace, detection: Detection): DetectionView {
  const { modelId, datasetId, variantId, ...rest } = detection;
  const model = findModel(db, modelId);
  const dataset = findDataset(db, datasetId);
  const variant = variantId === null ? null : findVariant(db, variantId);
  return {
    ...rest,
    model: { id: studiedIdOf(model), name: model.name },
    dataset: { id: dataset.id, name: dataset.name },
    variant: variant === null ? null : { id: variant.id, name: variant.name },
  };
}

/** A pair of a detection's order; the host knows where its picture is. */
export interface SuspectPair extends Omit<Suspect, 'picture'> {
  sha256: string | null;
  /** The variant whose trigger it carries; null for a clean pair. */
  triggeredBy: string | null;
}

/** Pairs from the place after `offset` on, the most suspicious first, as they were trained on. @throws WorkbenchError `not-found` */
export function viewSuspects({ db }: Workspace, id: string, offset: number, limit: number): SuspectPair[] {
  const { variantId } = findDetection(db, id);
  const pairs = readRanking(db, id, offset, limit);
  const ids = pairs.map(({ recordId }) => recordId);
  const changes = new Map(
    variantId === null
      ? []
      : readVariantRecords(db, variantId, ids).map((change) => [change.recordId, change]),
  );
  const records = new Map(readRecords(db, ids).map((record) => [record.id, record]));
  return pairs.flatMap(({ recordId, place, key, score, poisoned }): SuspectPair[] => {
    const record = records.get(recordId);
    if (record === undefined) return [];
    const { caption, label, sha256 } = record;
    const change = changes.get(recordId);
    return [
      {
        place,
        recordId,
        key,
        score,
        caption: change?.newCaption ?? caption,
        label,
        poisoned: variantId === null ? null : poisoned,
        sha256,
        triggeredBy: change === undefined ? null : variantId,
      },
    ];
  });
}

const bins = 40;

/** @throws WorkbenchError `not-found` */
export function viewHistogram({ db }: Workspace, id: string): ScoreHistogram {
  const known = findDetection(db, id).poisoned !== null;
  const scores = readScores(db, id);
  const edges = findEdges(
    scores.map(({ score }) => score),
    bins,
  );
  const count = (wanted: boolean) =>
    countInBins(
      scores.flatMap(({ score, poisoned }) => ((known && poisoned) === wanted ? [score] : [])),
      edges,
    );
  return { edges, clean: count(false), poisoned: known ? count(true) : null };
}

/** Tags the most suspicious records with the detector's name and their number. @throws WorkbenchError `not-found` */
export function tagSuspects(
  { db }: Workspace,
  id: string,
  count: number,
): { tag: string; datasetId: string } {
  const { settings, datasetId, modelId } = findDetection(db, id);
  const pairs = readRanking(db, id, 0, count);
  const tag = `${settings.detector} ${pairs.length}: ${findModel(db, modelId).name}`.slice(0, 100).trim();
  const ids = pairs.map(({ recordId }) => recordId);
  addTag(db, numberOf(db, 'datasets', datasetId), tag, ids);
  return { tag, datasetId };
}
