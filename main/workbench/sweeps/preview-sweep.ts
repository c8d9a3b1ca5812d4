import type { SweepPreview } from '#contract/api/sweeps.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { loopOf } from '#contract/methods/method-registry.ts';
import type { RunFile } from '#contract/run-file.ts';
import type { SweepFile } from '#contract/sweep.ts';
import { checkBestRule } from '#core/sweeps/best-rule.ts';
import { expandSweep } from '#core/sweeps/expand-sweep.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findModel } from '#db/models/models.ts';
import { findVariant } from '#db/variants/variants.ts';
import { configOf, findData, findMade } from '../run-files/make-chain.ts';
import { estimateSeconds } from '../runs/estimates.ts';
import { checkpointBytes } from '../runs/training-memory.ts';
import { countTrainingPairs } from '../runs/training-pairs.ts';
import { canonical } from '../variants/manifest.ts';
import type { Workspace } from '../workspace.ts';

/** What a sweep would make, and what that costs here; a file that cannot be gives its problem in place of an error. */
export function previewSweep(workspace: Workspace, file: SweepFile): SweepPreview {
  try {
    checkBestRule(file.best);
    const runs = expandSweep(file);
    const { before, variants } = findMissing(
      workspace,
      runs.map((run) => run.file),
    );
    const costs = estimateCosts(workspace, [...runs.map((run) => run.file), ...before]);
    const seconds = costs.map((cost) => cost.seconds);
    return {
      runs: runs.map(({ varied }) => ({ varied: { ...varied } })),
      before: before.length,
      variants,
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

/** Of what comes before these runs, what is not there yet: each run and each variant is looked up and counted once. */
function findMissing(
  workspace: Workspace,
  files: readonly RunFile[],
): { before: RunFile[]; variants: number } {
  const isThere = new Map<string, boolean>();
  const variants = new Map<string, boolean>();
  const before: RunFile[] = [];
  const look = (file: RunFile) => {
    if (file.attack) {
      const key = canonical([file.data.dataset, file.attack]);
      if (!variants.has(key)) variants.set(key, findData(workspace, file) !== null);
    }
    const start = file.start?.run;
    if (start === undefined) return;
    const { name: _, made: __, ...same } = start;
    const key = canonical(same);
    if (isThere.has(key)) return;
    isThere.set(key, findMade(workspace, start) !== null);
    if (isThere.get(key)) return;
    before.push(start);
    look(start);
  };
  for (const file of files) look(file);
  return { before, variants: [...variants.values()].filter((there) => !there).length };
}

interface Cost {
  seconds: number | null;
  bytes: number;
}

/** Runs that differ in their seeds cost the same: it is worked out once. */
function estimateCosts(workspace: Workspace, files: readonly RunFile[]): Cost[] {
  const known = new Map<string, Cost>();
  return files.map((file) => {
    const { method, settings, data } = file;
    const key = canonical([method, settings, data, file.attack != null, architectureOf(workspace, file)]);
    const cost = known.get(key) ?? costOf(workspace, file);
    known.set(key, cost);
    return cost;
  });
}

function costOf(workspace: Workspace, file: RunFile): Cost {
  const { db } = workspace;
  const { data } = file;
  const architecture = architectureOf(workspace, file);
  const reference = data.variant === undefined ? data.dataset : findVariant(db, data.variant).datasetId;
  const dataset = findDataset(db, reference ?? '');
  const fromModel = file.start !== undefined && file.start.architecture === undefined;
  const config = configOf(
    file,
    fromModel ? { kind: 'model', model: 'later' } : { kind: 'scratch', architecture },
    { kind: file.attack || data.variant !== undefined ? 'variant' : 'dataset', id: dataset.id },
  );
  // What is poisoned is not known before it is made, so nothing is left out.
  const pairs = countTrainingPairs(workspace, { dataset, variantId: null, config, poisoned: new Set() });
  return {
    seconds: estimateSeconds(workspace, { config, architecture }, pairs),
    bytes: checkpointBytes(architecture, loopOf(config.settings).epochs),
  };
}

function architectureOf(workspace: Workspace, { start = {} }: RunFile): string {
  if (start.run !== undefined) return architectureOf(workspace, start.run);
  if (start.model !== undefined) return findModel(workspace.db, start.model).spec.architecture;
  return start.architecture ?? 'demo';
}
