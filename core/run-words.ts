import { methodOf } from '#contract/methods/method-registry.ts';
import type { RunShape, RunState } from '#contract/run.ts';

/** States of runs, as a person reads them. */
export const stateWords = {
  queued: 'waiting',
  running: 'running',
  interrupted: 'paused',
  failed: 'failed',
  done: 'done',
} as const satisfies Record<RunState, string>;

/** What a run does, as a person reads it: its method, and where it starts where that is not a model. */
export function methodWords({ method, start }: Pick<RunShape, 'method' | 'start'>): string {
  const { label } = methodOf(method);
  return start.kind === 'scratch' ? `${label} from scratch` : label;
}
