import type { Precision } from '#contract/methods/common-settings.ts';
import { type CompiledStep, compileStep } from '../compiled-step.ts';
import type { Phase, Tensors } from '../methods/training-method.ts';
import { createCachedStep } from './cached-step.ts';
import type { TrainingState } from './training-state.ts';
import { createStep } from './training-step.ts';

export interface PhaseOptions {
  /** Appears in error messages. */
  name: string;
  /** The names of the batch's tensors. */
  batch: readonly string[];
  embedDim: number;
  /** The method's constants; they must outlive the step. */
  constants?: Tensors;
  precision?: Precision;
}

/** A phase's step, in one piece or in parts as the phase says: [...batch, ...the optimiser's factors] to [loss]. */
export function compilePhase(
  { objective, parts }: Pick<Phase, 'objective' | 'parts'>,
  state: TrainingState,
  { name, batch, embedDim, constants = {}, precision = 'float32' }: PhaseOptions,
): CompiledStep {
  if (parts !== undefined) {
    return createCachedStep(parts.objective, state, { name, batch, parts: parts.count, embedDim, precision });
  }
  return compileStep(createStep(objective, state, { batch, constants }), {
    name,
    constants: Object.values(constants),
    variables: state.variables,
    precision,
  });
}
