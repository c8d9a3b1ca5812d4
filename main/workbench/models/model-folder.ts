import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import type { Model } from '#contract/run.ts';
import { findModel } from '#db/models/models.ts';
import { findDamage } from '#main/data/files/checkpoint-hashes.ts';
import { fromStoredPath, runFolder, type Workspace } from '../workspace.ts';

const modelFiles = ['model.json', 'weights.safetensors'];

/** Folders whose files were compared, with sizes and times of those. */
const compared = new Map<string, string>();

/**
 * The folder of a model whose files are those that were recorded: a figure must never come from other weights.
 * @throws WorkbenchError `not-found` for the model; `corrupt-file` where a file is missing or another
 */
export async function wholeModelFolder(workspace: Workspace, modelId: string): Promise<string> {
  const { name, folder: stored, weightsSha256 } = findModel(workspace.db, modelId);
  const folder = fromStoredPath(workspace, stored);
  const signature = await describeFiles(folder);
  const key = `${folder} ${weightsSha256}`;
  if (signature !== null && compared.get(key) === signature) return folder;
  const damage = await findDamage(folder, { 'weights.safetensors': weightsSha256 }, modelFiles);
  if (damage === null) {
    if (signature !== null) compared.set(key, signature);
    return folder;
  }
  throw new WorkbenchError(
    'corrupt-file',
    `Model '${name}' is damaged: ${damage}. Put the file back from a copy, or train the model again.`,
    { modelId, folder },
  );
}

/** Changes with every change of the files, however they were changed; null where one is missing. */
async function describeFiles(folder: string): Promise<string | null> {
  try {
    const found = await Promise.all(modelFiles.map((name) => stat(join(folder, name), { bigint: true })));
    return found.map(({ ino, size, ctimeNs }) => `${ino} ${size} ${ctimeNs}`).join();
  } catch {
    return null;
  }
}

/** Where the image embeddings of a model are kept. */
export function embeddingsFolder(workspace: Workspace, model: Model): string {
  return join(measuredFolder(workspace, model), 'embeddings');
}

/** Where what was measured of a model is kept: with the run that made it, or beside its weights; it goes with it. */
export function measuredFolder(workspace: Workspace, { origin, folder }: Model): string {
  return origin.kind === 'run' ? runFolder(workspace, origin.runId) : fromStoredPath(workspace, folder);
}
