import type { TrainJob } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { countMomentSteps } from '../checkpoints/moments-file.ts';
import type { TrainingMethod } from '../methods/training-method.ts';

/** Where the optimiser's moments lie that a run begins or goes on with. */
export interface StartMoments {
  folder: string;
  /** Steps that they had seen before the run's first. */
  stepsBefore: number;
}

/**
 * The moments of the run's own checkpoint, or of its start where the method keeps those; null: they begin at 0.
 * @throws WorkbenchError `bad-input` where the start has none to keep
 */
export function findStartMoments(
  { resume, start }: TrainJob,
  { keepsMoments }: Pick<TrainingMethod, 'keepsMoments'>,
): StartMoments | null {
  if (resume !== null) {
    const { folder, step } = resume;
    return { folder, stepsBefore: (countMomentSteps(folder) ?? step) - step };
  }
  if (!keepsMoments) return null;
  const steps = start === null ? null : countMomentSteps(start);
  if (start !== null && steps !== null) return { folder: start, stepsBefore: steps };
  throw new WorkbenchError(
    'bad-input',
    "The model that the run starts from has no moments of AdamW to keep. Choose fresh moments, or start from a run's model or a training checkpoint of the reference implementation.",
    { start },
  );
}
