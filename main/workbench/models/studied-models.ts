import type { StudiedModel } from '#contract/api/models.ts';
import type { RunView } from '#contract/api/runs.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ModelRole } from '#contract/roles.ts';
import type { Model, Run } from '#contract/run.ts';
import { roleOf } from '#core/run-role.ts';
import * as stored from '#db/models/models.ts';
import { findRun } from '#db/runs/runs.ts';
import type { Workspace } from '../workspace.ts';
import { type Ancestry, ancestryOfModel, ancestryOfRun } from './ancestry.ts';

/** By the name or id of a model, or of the run that made it. @throws WorkbenchError `not-found` */
export const findModel = ({ db }: Workspace, nameOrId: string): Model => stored.findModel(db, nameOrId);

/** All models, oldest first. */
export const listModels = ({ db }: Workspace): Model[] => stored.listModels(db);

/** A model under study: a run with the model that it makes, or a model that was brought from a file. */
export type Studied = { kind: 'run'; run: Run } | { kind: 'file'; model: Model };

/** By the name or id of a model, or of the run that makes one. @throws WorkbenchError `not-found` */
export function findStudied({ db }: Workspace, nameOrId: string): Studied {
  const { model, run } = stored.lookUpModel(db, nameOrId);
  if (model?.origin.kind === 'file') return { kind: 'file', model };
  if (model?.origin.kind === 'run') return { kind: 'run', run: findRun(db, model.origin.runId) };
  if (run !== null) return { kind: 'run', run: findRun(db, nameOrId) };
  throw new WorkbenchError(
    'not-found',
    `There is no run and no model '${nameOrId}': see the lists of runs and models for their names.`,
    { nameOrId },
  );
}

/** Those of these names or ids, each once, in the order of first mention. */
export function findAllStudied(workspace: Workspace, namesOrIds: readonly string[]): Studied[] {
  const found = namesOrIds.map((nameOrId) => findStudied(workspace, nameOrId));
  return [...new Map(found.map((studied) => [idOf(studied), studied])).values()];
}

/** What addresses and jobs name it by: the run's id, or the model's own. */
export const idOf = (studied: Studied): string =>
  studied.kind === 'run' ? studied.run.id : studied.model.id;

export const nameOf = (studied: Studied): string =>
  studied.kind === 'run' ? studied.run.name : studied.model.name;

/** null: its run has made no model yet. */
export const modelIdOf = (studied: Studied): string | null =>
  studied.kind === 'run' ? studied.run.modelId : studied.model.id;

export const roleOfStudied = (studied: Studied): ModelRole =>
  studied.kind === 'run' ? roleOf(studied.run.config) : 'imported';

export const ancestryOf = (workspace: Workspace, studied: Studied): Ancestry =>
  studied.kind === 'run'
    ? ancestryOfRun(workspace, studied.run)
    : ancestryOfModel(workspace, studied.model.id);

/** The id that a model is studied by: see {@link idOf}. */
export const studiedIdOf = ({ id, origin }: Pick<Model, 'id' | 'origin'>): string =>
  origin.kind === 'run' ? origin.runId : id;

/** @param viewRuns runs as lists show them, in the order given */
export function viewStudied(studied: Studied, viewRuns: (runs: readonly Run[]) => RunView[]): StudiedModel {
  const shared = {
    id: idOf(studied),
    name: nameOf(studied),
    role: roleOfStudied(studied),
    modelId: modelIdOf(studied),
  };
  if (studied.kind === 'file') {
    const { spec, origin } = studied.model;
    const file = origin.kind === 'file' ? { path: origin.path, sha256: origin.sha256 } : null;
    return { ...shared, architecture: spec.architecture, dataset: null, parentId: null, run: null, file };
  }
  const { architecture, datasetId } = studied.run;
  const [run] = viewRuns([studied.run]);
  return {
    ...shared,
    architecture,
    dataset: { id: datasetId, name: run?.dataset ?? datasetId },
    parentId: run?.parent?.runId ?? run?.parent?.modelId ?? null,
    run: run ?? null,
    file: null,
  };
}
