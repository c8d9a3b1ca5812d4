import type { RunRequest } from '#contract/api/runs.ts';
import { architectureNames } from '#contract/architectures.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { NewRun } from '#contract/run.ts';
import type { Workspace } from '../workspace.ts';
import { planDefence, planTraining } from './run-plans.ts';

/**
 * A run as a window asks for it, with all its settings.
 * @throws WorkbenchError as planTraining and planDefence do; `bad-input` where kind and parents do not fit
 */
export function planRequest(workspace: Workspace, request: RunRequest): NewRun {
  const { kind, architecture: wanted, ...settings } = request.config;
  const name = request.name ?? null;
  if (kind === 'train') {
    const architecture = architectureNames.find((known) => known === wanted);
    if (architecture === undefined) {
      throw new WorkbenchError(
        'bad-input',
        `There is no architecture '${wanted}': choose one of ${architectureNames.join(', ')}.`,
        { architecture: wanted },
      );
    }
    if (request.model !== null) {
      throw new WorkbenchError(
        'bad-input',
        'Training from scratch starts from no model: leave the model out, or choose the method mmcl to go on from it.',
      );
    }
    const { dataset, variant } = request;
    return planTraining(workspace, { dataset, variant, architecture, name, settings });
  }
  if (request.model === null) {
    throw new WorkbenchError('bad-input', 'Choose the model to start from: this method goes on from one.');
  }
  if (request.variant !== null) {
    throw new WorkbenchError(
      'bad-input',
      'This method works on clean data: choose the dataset itself, not a poisoned variant of it.',
    );
  }
  return planDefence(workspace, {
    model: request.model,
    dataset: request.dataset,
    method: kind,
    name,
    settings,
  });
}
