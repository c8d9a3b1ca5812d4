import { WorkbenchError } from '#contract/errors.ts';
import type { Model, Run } from '#contract/run.ts';
import { findModel } from '#db/models/models.ts';
import { findRun } from '#db/runs/runs.ts';
import type { Workspace } from '../workspace.ts';

/** What a model came from: runs, the latest first, back to new weights or to a model that was brought from a file. */
export interface Ancestry {
  runs: Run[];
  /** The model from a file that they go back to; null for new weights. */
  root: Model | null;
}

/** The run that made a model; null for one from a file. */
export function runIdOf({ origin }: Pick<Model, 'origin'>): string | null {
  return origin.kind === 'run' ? origin.runId : null;
}

/** How a model was made. */
export function ancestryOfModel(workspace: Workspace, modelId: string): Ancestry {
  const model = findModel(workspace.db, modelId);
  if (model.origin.kind === 'file') return { runs: [], root: model };
  return ancestryOfRun(workspace, findRun(workspace.db, model.origin.runId));
}

/** A run and all that came before it. */
export function ancestryOfRun(workspace: Workspace, run: Run): Ancestry {
  const before: Ancestry =
    run.parentModelId === null ? { runs: [], root: null } : ancestryOfModel(workspace, run.parentModelId);
  return { runs: [run, ...before.runs], root: before.root };
}

/** The dataset that a model was last trained on. @throws WorkbenchError `bad-input` for a model from a file */
export function lastDatasetOf(workspace: Workspace, model: Model): string {
  const [last] = ancestryOfModel(workspace, model.id).runs;
  if (last !== undefined) return last.datasetId;
  throw new WorkbenchError(
    'bad-input',
    `Model '${model.name}' was brought from a file, so its data is not known: name a dataset.`,
    { model: model.id },
  );
}
