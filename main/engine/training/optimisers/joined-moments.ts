import { WorkbenchError } from '#contract/errors.ts';
import { decays } from './adamw.ts';

/** The one name under which checkpoints used to hold all moments of a kind, end to end. */
export const joinedName = 'joined';

/** Names in the order of such a vector: those that decay, then the others, each by code point. */
export function orderNames(names: readonly string[]): string[] {
  const sorted = [...names].sort();
  return [...sorted.filter(decays), ...sorted.filter((name) => !decays(name))];
}

/** Cuts such a vector into tensors of these shapes. @throws WorkbenchError `corrupt-file` where it is of another length */
export function splitJoinedMoments(
  joined: Float32Array,
  shapes: Record<string, readonly number[]>,
): Map<string, { shape: readonly number[]; data: Float32Array }> {
  const parts = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  let start = 0;
  for (const name of orderNames(Object.keys(shapes))) {
    const shape = shapes[name]!;
    const size = shape.reduce((product, side) => product * side, 1);
    parts.set(name, { shape, data: joined.slice(start, start + size) });
    start += size;
  }
  if (start === joined.length) return parts;
  throw new WorkbenchError(
    'corrupt-file',
    `The optimiser state holds ${joined.length} values where the trained parameters have ${start}: the checkpoint is of another model.`,
  );
}
