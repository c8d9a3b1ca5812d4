import { implement } from '@orpc/server';
import { detectionsApi, type ScanView, scansApi } from '#contract/api/detections.ts';
import { detectors } from '#contract/detection.ts';
import type { scanFiles } from '#contract/scan.ts';
import { makeCleanedData } from '#main/workbench/detections/cleaned-data.ts';
import {
  findDetectionView,
  tagSuspects,
  viewDetections,
  viewHistogram,
  viewSuspects,
} from '#main/workbench/detections/detection-views.ts';
import { planDetection, runDetection } from '#main/workbench/detections/detections.ts';
import { findScanView, type NamedScan, viewScans } from '#main/workbench/scans/scan-views.ts';
import { planScan, runScan } from '#main/workbench/scans/scans.ts';
import type { App } from '../app.ts';
import { scanFileAddress, thumbnailAddress, triggeredAddress } from '../http/media-addresses.ts';

const detectionsOs = implement(detectionsApi);
const scansOs = implement(scansApi);

/** Pixels a side that a picture in a list needs on a dense screen. */
const pictureSide = 192;

interface DetectionHost {
  readonly workspace: App['workspace'];
  readonly jobs: Pick<App['jobs'], 'startOnEngine'>;
  readonly events: Pick<App['events'], 'changed'>;
}

/** Detections of poisoned pairs. */
export function createDetectionsRouter({ workspace, jobs, events }: DetectionHost) {
  const os = detectionsOs;
  return os.router({
    list: os.list.handler(() => viewDetections(workspace)),
    get: os.get.handler(({ input }) => findDetectionView(workspace, input.detection)),
    page: os.page.handler(({ input }) => ({
      rows: viewSuspects(workspace, input.detection, input.offset, input.limit).map(
        ({ sha256, triggeredBy, ...pair }) => ({
          ...pair,
          picture:
            triggeredBy === null
              ? thumbnailAddress({ id: pair.recordId, sha256 }, pictureSide)
              : triggeredAddress(triggeredBy, pair.recordId, pictureSide),
        }),
      ),
    })),
    histogram: os.histogram.handler(({ input }) => viewHistogram(workspace, input.detection)),
    start: os.start.handler(({ input }) => {
      const plan = planDetection(workspace, input);
      const title = `${detectors[plan.settings.detector].label} on ${plan.variant?.name ?? plan.dataset.name}`;
      const jobId = jobs.startOnEngine(
        { kind: 'detection', title, topics: ['evaluations'] },
        async (engine, context) => {
          const { id } = await runDetection(workspace, engine, plan, context);
          return { kind: 'detection', id };
        },
      );
      return { jobId };
    }),
    clean: os.clean.handler(async ({ input }) => {
      const { detection, drop, name } = input;
      const known = findDetectionView(workspace, detection).poisoned !== null;
      const made = await makeCleanedData(workspace, { detectionId: detection, drop, name });
      events.changed('datasets', 'variants');
      return {
        datasetId: made.dataset.id,
        variantId: made.variant?.id ?? null,
        removed: made.removed,
        poisonLeft: known ? (made.variant?.changed ?? 0) : null,
      };
    }),
    tag: os.tag.handler(({ input }) => {
      const tagged = tagSuspects(workspace, input.detection, input.count);
      events.changed('datasets');
      return tagged;
    }),
  });
}

/** Scans of models for backdoors. */
export function createScansRouter({ workspace, jobs }: Pick<DetectionHost, 'workspace' | 'jobs'>) {
  const os = scansOs;
  return os.router({
    list: os.list.handler(() => viewScans(workspace).map(addFiles)),
    get: os.get.handler(({ input }) => addFiles(findScanView(workspace, input.scan))),
    start: os.start.handler(({ input }) => {
      const plan = planScan(workspace, input);
      const jobId = jobs.startOnEngine(
        { kind: 'detection', title: `Scan of ${plan.model.name}`, topics: ['evaluations'] },
        async (engine, context) => {
          const { id } = await runScan(workspace, engine, plan, context);
          return { kind: 'scan', id };
        },
      );
      return { jobId };
    }),
  });
}

function addFiles(scan: NamedScan): ScanView {
  const address = (file: keyof typeof scanFiles) =>
    scan.result.share === null ? null : scanFileAddress(scan.id, file);
  return { ...scan, mask: address('mask'), trigger: address('trigger'), feature: address('feature') };
}
