import type { MethodTools, TrainingMethod } from '../../methods/training-method.ts';
import type { EpochPlan } from '../method-state.ts';
import { type EpochRows, layOutEpoch, locateStep } from './epoch-order.ts';

export interface EpochPlansInputs {
  method: Pick<TrainingMethod, 'phases' | 'planEpoch'>;
  /** How many the run trains on. */
  records: number;
  batchSize: number;
  stepsPerEpoch: number;
  seed: number;
  /** The checkpoint's, where the run goes on. */
  plan: EpochPlan | null;
  /** Calls a hook with the weights as they are. */
  withTools<T>(step: number, use: (tools: MethodTools) => Promise<T>): Promise<T>;
}

/** Which phase and records each step takes. The method plans an epoch when its first step comes. */
export interface EpochPlans {
  find(step: number): Promise<{ phase: string; rows: Uint32Array }>;
  /** Whether a step cannot be looked at before the one before it is done, since its epoch is planned by the weights. */
  waitsForWeights(step: number): boolean;
  /** What the method chose for the present epoch; null where it plans none. */
  readonly plan: EpochPlan | null;
}

export function createEpochPlans(inputs: EpochPlansInputs): EpochPlans {
  const { method, records, batchSize, stepsPerEpoch, seed, withTools } = inputs;
  const { planEpoch } = method;
  let plan = inputs.plan;
  /** The last two: batches made ahead can be those of the next epoch. */
  const open = new Map<number, EpochRows>();

  const openEpoch = async (epoch: number, step: number): Promise<EpochRows> => {
    const known = open.get(epoch);
    if (known) return known;
    if (planEpoch && plan?.epoch !== epoch) {
      const notes = plan?.notes ?? null;
      const planned = await withTools(step, (tools) => planEpoch(epoch, notes, tools));
      plan = { epoch, stages: planned.stages, notes: planned.notes ?? null };
    }
    const whole = { phase: firstPhase(method), steps: stepsPerEpoch, rows: null };
    const rows = layOutEpoch(plan?.stages ?? [whole], { records, batchSize, seed, epoch });
    open.set(epoch, rows);
    open.delete(epoch - 2);
    return rows;
  };

  return {
    async find(step) {
      const { epoch, batch } = locateStep(step, stepsPerEpoch);
      return (await openEpoch(epoch, step)).find(batch);
    },
    waitsForWeights: (step) => planEpoch !== undefined && step % stepsPerEpoch === 0,
    get plan() {
      return plan;
    },
  };
}

function firstPhase({ phases }: Pick<TrainingMethod, 'phases'>): string {
  const [first] = Object.keys(phases);
  if (first === undefined) throw new RangeError('A method that takes steps has a phase.');
  return first;
}
