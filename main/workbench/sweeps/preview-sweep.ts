import type { SweepPreview } from '#contract/api/sweeps.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { loopOf, methodOf } from '#contract/methods/method-registry.ts';
import type { RunFile } from '#contract/run-file.ts';
import type { SweepFile } from '#contract/sweep.ts';
import { expandSweep } from '#core/sweeps/expand-sweep.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { countRecords } from '#db/datasets/records.ts';
import { findModel } from '#db/models/models.ts';
import { findVariant } from '#db/variants/variants.ts';
import { findData, findMade } from '../run-files/make-chain.ts';
import { completeConfig } from '../runs/complete-config.ts';
import { estimateSeconds } from '../runs/estimates.ts';
import { checkpointBytes } from '../runs/training-memory.ts';
import { canonical } from '../variants/manifest.ts';
import type { Workspace } from '../workspace.ts';

/** What a sweep would make, and what that costs here; a file that cannot be gives its problem in place of an error. */
export function previewSweep(workspace: Workspace, file: SweepFile): SweepPreview {
  try {
    const runs = expandSweep(file);
    const before = new Map<string, RunFile>();
    const variants = new Set<string>();
    for (const run of runs) collectMissing(workspace, run.file, before, variants);
    const costs = [...runs.map((run) => run.file), ...before.values()].map((run) => costOf(workspace, run));
    const seconds = costs.map((cost) => cost.seconds);
    return {
      runs: runs.map(({ varied }) => ({ varied: { ...varied } })),
      before: before.size,
      variants: variants.size,
      seconds: seconds.reduce<number | null>(
        (sum, one) => (sum === null || one === null ? null : sum + one),
        0,
      ),
      diskBytes: costs.reduce((sum, { bytes }) => sum + bytes, 0),
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    const nothing = { runs: [], before: 0, variants: 0, seconds: null, diskBytes: 0 };
    return { ...nothing, problem: error.message };
  }
}

/** Adds what comes before a run and is not there: each run and variant once. */
function collectMissing(
  workspace: Workspace,
  file: RunFile,
  before: Map<string, RunFile>,
  variants: Set<string>,
): void {
  if (file.attack && findData(workspace, file) === null) {
    variants.add(canonical([file.data.dataset, file.attack]));
  }
  const start = file.start?.run;
  if (start === undefined || findMade(workspace, start) !== null) return;
  const { name: _, made: __, ...same } = start;
  before.set(canonical(same), start);
  collectMissing(workspace, start, before, variants);
}

function costOf(workspace: Workspace, file: RunFile): { seconds: number | null; bytes: number } {
  const { db } = workspace;
  const { method, settings = {}, data } = file;
  const architecture = architectureOf(workspace, file);
  const dataset = data.variant === undefined ? data.dataset : findVariant(db, data.variant).datasetId;
  const { id } = findDataset(db, dataset ?? '');
  const start = file.start?.architecture === undefined && file.start !== undefined;
  const config = completeConfig({
    start: start ? { kind: 'model', model: 'later' } : { kind: 'scratch', architecture },
    data: { kind: 'dataset', id },
    method,
    settings,
  });
  const labelled = methodOf(method).needs.labels ? { labelled: true } : {};
  const pairs = countRecords(db, id, { split: 'train', ...labelled });
  const records = Math.floor(pairs * (data.selection?.fraction ?? 1));
  return {
    seconds: estimateSeconds(workspace, { config, architecture }, records),
    bytes: checkpointBytes(architecture, loopOf(config.settings).epochs),
  };
}

function architectureOf(workspace: Workspace, { start = {} }: RunFile): string {
  if (start.run !== undefined) return architectureOf(workspace, start.run);
  if (start.model !== undefined) return findModel(workspace.db, start.model).spec.architecture;
  return start.architecture ?? 'demo';
}
