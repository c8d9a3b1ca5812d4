import type { ModelSpec } from '#contract/clip-config.ts';
import type { Precision } from '#contract/methods/common-settings.ts';
import type { CompiledStep } from '../compiled-step.ts';
import type { Phase, Tensors } from '../methods/training-method.ts';
import { compilePhase } from './compile-phase.ts';
import { describeBatches } from './feeding/batches.ts';
import type { TrainingState } from './training-state.ts';
import { describeInputs, namesIn } from './training-step.ts';

export interface PhaseStepsInputs {
  /** Of the method, for messages. */
  name: string;
  phases: Record<string, Phase>;
  spec: ModelSpec;
  batchSize: number;
  /** The method's; they must outlive the steps. */
  constants: Tensors;
  precision: Precision;
}

/** The steps of a method's phases, each traced when it is first asked for, for every text length that a batch can have. */
export interface PhaseSteps {
  find(phase: string): CompiledStep;
  dispose(): void;
}

export function createPhaseSteps(state: TrainingState, inputs: PhaseStepsInputs): PhaseSteps {
  const { name, phases, spec, batchSize, constants, precision } = inputs;
  const { image, text, embedDim } = spec.clip;
  const compiled = new Map<string, CompiledStep>();
  return {
    find(phaseName) {
      const known = compiled.get(phaseName);
      if (known !== undefined) return known;
      const phase = takePhase(phases, phaseName);
      const { resolution } = image;
      const { contextLength } = text;
      const batches = describeBatches(phase.batch, { batchSize, resolution, contextLength });
      const step = compilePhase(phase, state, {
        name: `train ${name} ${phaseName}`,
        batch: namesIn(batches[0]!),
        embedDim,
        constants,
        precision,
      });
      compiled.set(phaseName, step);
      for (const batch of batches) step.prepare(describeInputs(state, batch));
      return step;
    },
    dispose() {
      for (const step of compiled.values()) step.dispose();
      compiled.clear();
    },
  };
}

/** A phase by its name. */
export function takePhase(phases: Record<string, Phase>, name: string): Phase {
  const phase = phases[name];
  if (phase === undefined) throw new RangeError(`The method has no phase '${name}'.`);
  return phase;
}
