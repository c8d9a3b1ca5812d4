import { methodOf } from '#contract/methods/method-registry.ts';
import type { RunRole } from '#contract/roles.ts';
import type { RunShape } from '#contract/run.ts';

/**
 * What a run is in the story, by its start, its data and its method's role. On a variant everything but a repair is
 * poisoned; on clean data a run from scratch is clean, and one from a model is what its method is for.
 */
export function roleOf({ start, data, method }: RunShape): RunRole {
  const { role } = methodOf(method);
  if (role === 'repair' && (start.kind === 'model' || data.kind === 'variant')) return 'repaired';
  if (data.kind === 'variant') return 'poisoned';
  if (start.kind === 'scratch') return 'clean';
  return role === 'head' ? 'supervised' : 'control';
}
