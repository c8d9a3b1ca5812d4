import type { z } from 'zod';
import type { loopShape } from '#contract/methods/common-settings.ts';
import { learningRateAt } from '#core/training/schedule.ts';
import { referenceAdamw } from '../../training/optimisers/adamw.ts';
import type { MethodContext, TrainingMethod } from '../training-method.ts';

type LoopSettings = z.output<z.ZodObject<typeof loopShape>>;

/** AdamW and the warm-up of the reference, on all parameters: what most methods do but for their phases. */
export function trainByAdamw(
  settings: LoopSettings & { moments?: 'fresh' | 'kept' },
  { totalSteps, stepsPerEpoch }: MethodContext,
): Omit<TrainingMethod, 'phases'> {
  const { learningRate: base, warmupSteps, schedule, weightDecay } = settings;
  return {
    isTrained: () => true,
    optimiser: referenceAdamw,
    keepsMoments: settings.moments === 'kept',
    weightDecay,
    learningRateAt: (step) =>
      learningRateAt({ base, warmupSteps, totalSteps, stepsPerEpoch, schedule }, step),
  };
}

/** Whether a parameter belongs to the linear head. */
export function isHead(name: string): boolean {
  return name.startsWith('head.');
}
