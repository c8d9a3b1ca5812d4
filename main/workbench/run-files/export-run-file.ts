import type { Model, Run, RunConfig, RunData } from '#contract/run.ts';
import type { AttackFile, RunFile, StartFile } from '#contract/run-file.ts';
import { nextClass, type RecipePart, type Variant } from '#contract/variant.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { findModel } from '#db/models/models.ts';
import { readMeasuring } from '#db/runs/run-keeping.ts';
import { findRun } from '#db/runs/runs.ts';
import { findVariant } from '#db/variants/variants.ts';
import { nameOrderModels } from '../variants/order-models.ts';
import type { Workspace } from '../workspace.ts';

/** What makes a run again, with the runs before it. @throws WorkbenchError `not-found` */
export function exportRunFile(workspace: Workspace, run: Run): RunFile {
  const { db } = workspace;
  const { method, settings, seed, data } = run.config;
  const variant = run.variantId === null ? null : findVariant(db, run.variantId);
  return {
    name: run.name.slice(0, 180),
    data: exportData(findDataset(db, run.datasetId).name, data),
    attack: variant === null ? null : exportAttack(workspace, variant),
    start: exportStart(workspace, run),
    method,
    settings: { ...settings },
    seed,
    ...exportMeasuring(workspace, run),
    made: {
      run: run.id,
      program: run.environment?.program ?? null,
      backend: run.environment?.backend ?? null,
      device: run.environment?.device ?? null,
      weightsSha256: run.modelId === null ? null : findModel(db, run.modelId).weightsSha256,
    },
  };
}

/** The run file of a configuration in which names may stand for ids. @throws WorkbenchError `not-found` */
export function fileOfConfig(
  workspace: Workspace,
  { start, data, method, settings, seed }: RunConfig,
): RunFile {
  const { db } = workspace;
  const variant = data.kind === 'variant' ? findVariant(db, data.id) : null;
  return {
    data: exportData(findDataset(db, variant?.datasetId ?? data.id).name, data),
    attack: variant === null ? null : exportAttack(workspace, variant),
    start:
      start.kind === 'scratch'
        ? { architecture: start.architecture }
        : startFrom(workspace, findModel(db, start.model)),
    method,
    settings: { ...settings },
    seed,
  };
}

function exportData(dataset: string, { selection, changedPictures }: RunData): RunFile['data'] {
  return { dataset, selection, ...(changedPictures === undefined ? {} : { changedPictures }) };
}

/** What of its measuring is not as usual. */
function exportMeasuring({ db }: Workspace, run: Run): Pick<RunFile, 'measure' | 'measureEachEpoch'> {
  const { atEnd, eachEpoch } = readMeasuring(db, run.id);
  return { ...(atEnd ? {} : { measure: false }), ...(eachEpoch ? { measureEachEpoch: true } : {}) };
}

function exportStart(workspace: Workspace, { config, architecture, parentModelId }: Run): StartFile {
  if (config.start.kind === 'scratch' || parentModelId === null) return { architecture };
  return startFrom(workspace, findModel(workspace.db, parentModelId));
}

function startFrom(workspace: Workspace, model: Model): StartFile {
  if (model.origin.kind === 'run') {
    return { run: exportRunFile(workspace, findRun(workspace.db, model.origin.runId)) };
  }
  return { model: model.name, weightsSha256: model.weightsSha256 };
}

function exportAttack(workspace: Workspace, { name, recipe, manifestSha256 }: Variant): AttackFile {
  const models = nameOrderModels(workspace, recipe);
  return {
    name,
    resolution: recipe.resolution,
    seed: recipe.seed,
    parts: recipe.parts.map((part) => exportPart(part, models)),
    manifestSha256,
  };
}

function exportPart(
  { target, strategy, selection = {}, ...part }: RecipePart,
  models: Readonly<Record<string, string>>,
): AttackFile['parts'][number] {
  const { order, ...narrowed } = selection;
  return {
    ...part,
    ...(target === nextClass ? {} : { target }),
    strategy: strategy ?? 'templates',
    selection: {
      ...narrowed,
      // By ranks is what a large dataset has where nothing is said.
      ...(order === undefined || order.kind === 'ranks'
        ? {}
        : { order: { kind: order.kind, model: models[order.weightsSha256] ?? order.weightsSha256 } }),
    },
  };
}
