import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loopOf } from '#contract/methods/method-registry.ts';
import type { Checkpoint, Run } from '#contract/run.ts';
import { deleteCheckpoint, listCheckpoints } from '#db/runs/checkpoints.ts';
import { readMetrics } from '#db/runs/metrics.ts';
import { findRun } from '#db/runs/runs.ts';
import { findDamage, hashesName } from '#main/data/files/checkpoint-hashes.ts';
import { recoverFolders } from '#main/data/files/replace-folder.ts';
import { fromStoredPath, runFolder, type Workspace } from '../workspace.ts';
import { keptSteps, resumableCheckpoints } from './checkpoint-rule.ts';

/** What a checkpoint keeps for good: the model, and the hashes of what was there. */
const modelFiles = new Set(['model.json', 'weights.safetensors', hashesName]);

/** Where the engine writes a run's checkpoints. */
export function checkpointsFolder(workspace: Workspace, runId: string): string {
  return join(runFolder(workspace, runId), 'checkpoints');
}

/**
 * The newest recorded checkpoint whose files are all as they were written; null where there is none, so that the run
 * begins anew. What a killed program left half written is removed first.
 * @param say is told of each checkpoint that is damaged
 */
export async function findWholeCheckpoint(
  workspace: Workspace,
  run: Run,
  say: (text: string) => void,
): Promise<Checkpoint | null> {
  await recoverFolders(checkpointsFolder(workspace, run.id));
  for (const checkpoint of listCheckpoints(workspace.db, run.id).toReversed()) {
    const folder = fromStoredPath(workspace, checkpoint.path);
    const recorded = { 'weights.safetensors': checkpoint.weightsSha256 };
    const damage = await findDamage(folder, recorded, null);
    if (damage === null) return checkpoint;
    say(`The checkpoint of step ${checkpoint.step} cannot be used: ${damage}. An earlier one is taken.`);
  }
  return null;
}

/**
 * Removes the checkpoints that need not stay (checkpoint-rule.ts), and from all others but the latest what only serves
 * to go on. Call it once the latest is recorded: what the database does not know of cannot be gone on from.
 */
export async function pruneCheckpoints(workspace: Workspace, runId: string): Promise<void> {
  const { db } = workspace;
  const all = listCheckpoints(db, runId);
  const { totalSteps, config } = findRun(db, runId);
  const { epochs } = loopOf(config.settings);
  const steps = all.map(({ step }) => step);
  const kept = keptSteps(steps, { totalSteps, epochs, best: bestStep(workspace, runId) });
  const old = all.slice(0, -resumableCheckpoints);
  for (const checkpoint of old) {
    const folder = fromStoredPath(workspace, checkpoint.path);
    // Its row goes first: a row without its files would be a checkpoint that cannot be used.
    if (!kept.has(checkpoint.step) && deleteCheckpoint(db, checkpoint.id)) {
      await rm(folder, { recursive: true, force: true });
      continue;
    }
    for (const name of await readdir(folder).catch(() => [])) {
      if (!modelFiles.has(name)) await rm(join(folder, name), { force: true });
    }
  }
}

/** Where clean accuracy was highest, of what was measured after each epoch. */
function bestStep({ db }: Workspace, runId: string): number | null {
  const points = readMetrics(db, runId, 'ca');
  return points.toSorted((a, b) => b.value - a.value)[0]?.step ?? null;
}
