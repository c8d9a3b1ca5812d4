import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Activation } from '#contract/clip-config.ts';
import type { ImportModelReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ExportFormat, ImportMeasurement } from '#contract/model-files.ts';
import type { Model } from '#contract/run.ts';
import { listRunsFrom, removeFileModel, renameFileModel } from '#db/models/file-models.ts';
import { findModel, insertFileModel } from '#db/models/models.ts';
import { refuseTakenName } from '#db/names.ts';
import { hashFile } from '#main/data/files/hash-file.ts';
import { type Engine, startEngine } from '../engine/engine-client.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import type { EngineLauncher } from '../engine/engine-process.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { planEvaluation, storeEvaluation } from '../evaluations/evaluations.ts';
import { fromStoredPath, toStoredPath, type Workspace } from '../workspace.ts';
import { judgeImport, type MeasuringChoice, withMeasured } from './measure-import.ts';
import { describeModelCard } from './model-card.ts';
import { wholeModelFolder } from './model-folder.ts';

export interface ModelFileChoice extends MeasuringChoice {
  path: string;
  activation: Activation | null;
  /** Pictures of another side than the file's, px; null: as the file has it. */
  resolution: number | null;
}

/** What was found in a file, with what was measured of it. */
export interface ModelFileFinding {
  report: ImportModelReport;
  measurement: ImportMeasurement | null;
}

/** What is in a model file, without keeping anything. Throws as the engine's job import-model does. */
export function inspectModelFile(
  workspace: Workspace,
  choice: ModelFileChoice,
  context: JobContext,
): Promise<ModelFileFinding> {
  return withEngine(workspace, context, (engine) => runInspection(workspace, engine, choice, context));
}

/**
 * {@link inspectModelFile} with an engine of its own on the plain processor, so that no training waits for it and it
 * waits for none. Nothing is measured.
 */
export async function inspectBesideQueue(
  workspace: Workspace,
  choice: Omit<ModelFileChoice, keyof MeasuringChoice>,
  launch: EngineLauncher,
): Promise<ImportModelReport> {
  const engine = await startEngine({ device: 'javascript', launch });
  try {
    const context = {
      device: null,
      reporter: { progress: () => {}, say: () => {} },
      interrupt: { gentle: new AbortController().signal, hard: new AbortController().signal },
    };
    return (await runInspection(workspace, engine, { ...choice, measure: null, prompts: null }, context))
      .report;
  } finally {
    await engine.close();
  }
}

/** {@link inspectModelFile} for callers that hold an engine. */
export function runInspection(
  workspace: Workspace,
  engine: Engine,
  { measure, prompts, ...choice }: ModelFileChoice,
  context: JobContext,
): Promise<ModelFileFinding> {
  return withMeasured(workspace, { measure, prompts }, async (measured, dataset) => {
    const path = resolve(choice.path);
    const job = { kind: 'import-model', ...choice, path, outputFolder: null, measured } as const;
    const report = await runToEnd<'import-model'>(engine, job, context, 'nothing was imported.');
    return { report, measurement: judgeImport(workspace, report, dataset) };
  });
}

/**
 * Brings a model from a file: its weights are copied into the workspace as float32. What was measured of it is kept as
 * its first evaluation.
 * @throws WorkbenchError `conflict` for a name that is taken; as the engine's job import-model does
 */
export function importModelFile(
  workspace: Workspace,
  name: string,
  choice: ModelFileChoice,
  context: JobContext,
): Promise<ModelFileFinding & { model: Model }> {
  refuseTakenName(workspace.db, 'models', name);
  return withEngine(workspace, context, (engine) => runImport(workspace, engine, { name, choice }, context));
}

/** {@link importModelFile} for callers that hold the queue and an engine. */
export async function runImport(
  workspace: Workspace,
  engine: Engine,
  { name, choice: { measure, prompts, ...choice } }: { name: string; choice: ModelFileChoice },
  context: JobContext,
): Promise<ModelFileFinding & { model: Model }> {
  refuseTakenName(workspace.db, 'models', name);
  const path = resolve(choice.path);
  const folder = join(workspace.folder, 'models', randomBytes(8).toString('hex'));
  const begun = performance.now();
  let isKept = false;
  try {
    return await withMeasured(workspace, { measure, prompts }, async (measured, dataset) => {
      const job = { kind: 'import-model', ...choice, path, outputFolder: folder, measured } as const;
      const report = await runToEnd<'import-model'>(engine, job, context, 'nothing was imported.');
      const { spec, sourceSha256: sha256, weightsSha256 } = report;
      if (weightsSha256 === null) throw new WorkbenchError('internal', 'The imported model has no hash.');
      const model = insertFileModel(workspace.db, {
        name,
        origin: { kind: 'file', path, sha256 },
        folder: toStoredPath(workspace, folder),
        weightsSha256,
        spec,
      });
      isKept = true;
      const taken = report.measured.find(({ activation }) => activation === report.activation);
      if (taken !== undefined && dataset !== null) {
        const own = { model: model.id, dataset: dataset.id, variant: null };
        const request = prompts === null ? own : { ...own, prompts };
        const seconds = (performance.now() - begun) / 1000;
        await storeEvaluation(workspace, planEvaluation(workspace, request), taken.evaluation, seconds);
      }
      return { model, report, measurement: judgeImport(workspace, report, dataset) };
    });
  } catch (error) {
    // What was measured may fail to be stored: the model is there all the same.
    if (!isKept)
      for (const left of [folder, `${folder}.unfinished`]) await rm(left, { recursive: true, force: true });
    throw error;
  }
}

export interface ModelExport {
  format: ExportFormat;
  out: string;
}

/** Writes a model as other programs read it, with a model card beside it; see the engine's job export-model. */
export function exportModelFile(
  workspace: Workspace,
  nameOrId: string,
  request: ModelExport,
  context: JobContext,
): Promise<{ model: Model; files: string[] }> {
  findModel(workspace.db, nameOrId);
  refuseTakenPlaces(request);
  return withEngine(workspace, context, (engine) => runExport(workspace, engine, nameOrId, request, context));
}

/** Where an export's card lies; Hugging Face shows the card of a folder under this name. */
const cardOf = ({ format, out }: ModelExport) =>
  format === 'hf' ? join(resolve(out), 'README.md') : `${resolve(out)}.md`;

/** @throws WorkbenchError `conflict` where something lies at an export's place, or at its card's */
export function refuseTakenPlaces(request: ModelExport): void {
  const taken = [resolve(request.out), cardOf(request)].find((path) => existsSync(path));
  if (taken === undefined) return;
  throw new WorkbenchError('conflict', `${taken} is there already: name another place.`, { path: taken });
}

/**
 * {@link exportModelFile} for callers that hold an engine.
 * @throws WorkbenchError `conflict` where something is at `out` or at its card, and as the job does
 */
export async function runExport(
  workspace: Workspace,
  engine: Engine,
  nameOrId: string,
  request: ModelExport,
  context: JobContext,
): Promise<{ model: Model; files: string[] }> {
  const model = findModel(workspace.db, nameOrId);
  refuseTakenPlaces(request);
  const { format } = request;
  const out = resolve(request.out);
  const folder = await wholeModelFolder(workspace, model.id);
  const job = { kind: 'export-model', model: folder, format, out, name: model.name } as const;
  const { files } = await runToEnd<'export-model'>(engine, job, context, 'nothing was exported.');
  const hashed = await Promise.all(
    files.map(async (file) => ({ name: basename(file), sha256: (await hashFile(file)) ?? '' })),
  );
  const card = cardOf(request);
  await writeFile(card, describeModelCard(workspace, model.id, hashed), { flush: true });
  return { model, files: [...files, card] };
}

/** Names of the runs that started from a model: they keep it from being deleted. */
export const runsFromModel = (workspace: Workspace, nameOrId: string): string[] =>
  listRunsFrom(workspace.db, findModel(workspace.db, nameOrId).id);

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
