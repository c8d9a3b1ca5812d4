import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Activation } from '#contract/clip-config.ts';
import type { ImportModelReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ExportFormat } from '#contract/model-files.ts';
import type { Model } from '#contract/run.ts';
import { listRunsFrom, removeFileModel, renameFileModel } from '#db/models/file-models.ts';
import { findModel, insertFileModel } from '#db/models/models.ts';
import { refuseTakenName } from '#db/names.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { fromStoredPath, toStoredPath, type Workspace } from '../workspace.ts';
import { wholeModelFolder } from './model-folder.ts';

export interface ModelFileChoice {
  path: string;
  activation: Activation | null;
  /** Pictures of another side than the file's, px; null: as the file has it. */
  resolution: number | null;
}

/** What is in a model file, without keeping anything. Throws as the engine's job import-model does. */
export function inspectModelFile(
  workspace: Workspace,
  choice: ModelFileChoice,
  context: JobContext,
): Promise<ImportModelReport> {
  return withEngine(workspace, context, (engine) =>
    runToEnd<'import-model'>(
      engine,
      { kind: 'import-model', ...choice, path: resolve(choice.path), outputFolder: null },
      context,
      'nothing was imported.',
    ),
  );
}

/**
 * Brings a model from a file: its weights are copied into the workspace as float32.
 * @throws WorkbenchError `conflict` for a name that is taken; as the engine's job import-model does
 */
export async function importModelFile(
  workspace: Workspace,
  name: string,
  choice: ModelFileChoice,
  context: JobContext,
): Promise<{ model: Model; report: ImportModelReport }> {
  refuseTakenName(workspace.db, 'models', name);
  const path = resolve(choice.path);
  const folder = join(workspace.folder, 'models', randomBytes(8).toString('hex'));
  try {
    const report = await withEngine(workspace, context, (engine) =>
      runToEnd<'import-model'>(
        engine,
        { kind: 'import-model', ...choice, path, outputFolder: folder },
        context,
        'nothing was imported.',
      ),
    );
    const { spec, sourceSha256: sha256, weightsSha256 } = report;
    if (weightsSha256 === null) throw new WorkbenchError('internal', 'The imported model has no hash.');
    const model = insertFileModel(workspace.db, {
      name,
      origin: { kind: 'file', path, sha256 },
      folder: toStoredPath(workspace, folder),
      weightsSha256,
      spec,
    });
    return { model, report };
  } catch (error) {
    for (const left of [folder, `${folder}.unfinished`]) await rm(left, { recursive: true, force: true });
    throw error;
  }
}

/** Writes a model as other programs read it; see the engine's job export-model. */
export async function exportModelFile(
  workspace: Workspace,
  nameOrId: string,
  { format, out }: { format: ExportFormat; out: string },
  context: JobContext,
): Promise<{ model: Model; files: string[] }> {
  const model = findModel(workspace.db, nameOrId);
  const folder = await wholeModelFolder(workspace, model.id);
  const { files } = await withEngine(workspace, context, (engine) =>
    runToEnd<'export-model'>(
      engine,
      { kind: 'export-model', model: folder, format, out: resolve(out), name: model.name },
      context,
      'nothing was exported.',
    ),
  );
  return { model, files };
}

/**
 * Takes a model that came from a file, with what was measured of it.
 * @throws WorkbenchError `conflict` where runs start from it, with their names, or where a run made it
 */
export async function deleteModelFile(workspace: Workspace, nameOrId: string): Promise<Model> {
  const model = findFileModel(workspace, nameOrId);
  const runs = listRunsFrom(workspace.db, model.id);
  if (runs.length > 0) {
    throw new WorkbenchError(
      'conflict',
      `${runs.map((name) => `'${name}'`).join(', ')} started from model '${model.name}': delete ${runs.length === 1 ? 'that run' : 'those runs'} first.`,
      { modelId: model.id, runs },
    );
  }
  const folder = fromStoredPath(workspace, model.folder);
  removeFileModel(workspace.db, model.id);
  // Renamed first: what is half deleted is never taken for a model.
  if (existsSync(folder)) await rename(folder, `${folder}.deleted`);
  await rm(`${folder}.deleted`, { recursive: true, force: true });
  return model;
}

/** @throws WorkbenchError `conflict` where the name is taken or a run made the model, whose name it has */
export function renameModelFile(workspace: Workspace, nameOrId: string, name: string): Model {
  const model = findFileModel(workspace, nameOrId);
  renameFileModel(workspace.db, model.id, name);
  return findModel(workspace.db, model.id);
}

function findFileModel(workspace: Workspace, nameOrId: string): Model {
  const model = findModel(workspace.db, nameOrId);
  if (model.origin.kind === 'file') return model;
  throw new WorkbenchError(
    'conflict',
    `Model '${model.name}' was made by a run and has its name: rename or delete the run.`,
    { modelId: model.id, runId: model.origin.runId },
  );
}
