import { decays } from '../../training/optimisers/adamw.ts';
import type { Moments } from '../moments-file.ts';
import type { SourceTensor, TensorSource } from '../tensor-source.ts';
import { isReferenceCheckpoint } from './find-activation.ts';

/**
 * The reference numbers parameters by their group, without decay first, in the order in which the file has them
 * (src/main.py). A checkpoint that lacks some, or whose parameters took different numbers of steps, has none to go on
 * from.
 * @param wanted names of the model's parameters
 */
export function findReferenceMoments(
  source: TensorSource,
  wanted: readonly string[],
  weights: ReadonlyMap<string, SourceTensor>,
): Moments | null {
  if (source.optimiserState.size === 0 || !isReferenceCheckpoint(source)) return null;
  const named = [...source.tensors.keys()]
    .map((name) => name.replace(/^module\./, ''))
    .filter((name) => wanted.includes(name));
  const numbered = [...named.filter((name) => !decays(name)), ...named.filter(decays)];
  const first = new Map<string, SourceTensor>();
  const second = new Map<string, SourceTensor>();
  const steps = new Set<number>();
  for (const [number, name] of numbered.entries()) {
    const found = source.optimiserState.get(number);
    const shape = weights.get(name)?.shape.join();
    if (found === undefined || found.first.shape.join() !== shape || found.second.shape.join() !== shape)
      return null;
    steps.add(found.steps());
    first.set(name, found.first);
    second.set(name, found.second);
  }
  const [taken] = steps;
  if (first.size !== wanted.length || steps.size !== 1 || taken === undefined) return null;
  return Number.isInteger(taken) && taken > 0 ? { steps: taken, first, second } : null;
}
