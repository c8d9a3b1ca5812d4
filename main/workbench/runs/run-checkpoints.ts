import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint, Run } from '#contract/run.ts';
import { listCheckpoints } from '#db/runs/checkpoints.ts';
import { findDamage, hashesName } from '#main/data/checkpoint-hashes.ts';
import { recoverFolders } from '#main/data/replace-folder.ts';
import { fromStoredPath, runFolder, type Workspace } from '../workspace.ts';

/** What goes on from a checkpoint, and is large, is kept with this many of the latest. */
const resumableCheckpoints = 2;

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
 * Removes what only serves to go on from all checkpoints but the latest. Call it once the latest is recorded: what the
 * database does not know of cannot be gone on from.
 */
export async function pruneCheckpoints(workspace: Workspace, runId: string): Promise<void> {
  const old = listCheckpoints(workspace.db, runId).slice(0, -resumableCheckpoints);
  for (const { path } of old) {
    const folder = fromStoredPath(workspace, path);
    for (const name of await readdir(folder).catch(() => [])) {
      if (!modelFiles.has(name)) await rm(join(folder, name), { force: true });
    }
  }
}
