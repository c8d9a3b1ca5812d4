import { existsSync } from 'node:fs';
import path from 'node:path';
import { checkpointFiles } from './checkpoint-folder.ts';
import { openSafetensors, writeSafetensors } from './safetensors.ts';
import { countElements, type TensorData, type WritableTensor } from './tensor-dtypes.ts';
import { toEngineOrder, toFileOrder, toFileShape } from './tensor-layout.ts';
import type { SourceTensor } from './tensor-source.ts';

/** AdamW's moments of a whole model, by parameter, in PyTorch's layouts. */
export interface Moments {
  /** Steps that were taken: the bias correction goes on from there. */
  steps: number;
  first: ReadonlyMap<string, SourceTensor>;
  second: ReadonlyMap<string, SourceTensor>;
}

/** Names of AdamW's moments in the file of a checkpoint's optimiser, whose tensors have the engine's layouts. */
const kinds = { first: 'firstMoments', second: 'secondMoments' } as const;

/** The file's note of how many steps the optimiser took. */
export const stepsNote = 'steps';

/**
 * Writes moments as training does, so that a run can keep them.
 * @param shapes the engine's, of all parameters
 */
export function writeMoments(
  folder: string,
  moments: Moments,
  shapes: Readonly<Record<string, number[]>>,
): void {
  const stored = new Map<string, WritableTensor>();
  for (const part of ['first', 'second'] as const) {
    for (const [name, { read }] of moments[part]) {
      const shape = shapes[name]!;
      const data = () => toEngineOrder(read(), shape) as TensorData;
      stored.set(`${kinds[part]}.${name}`, { dtype: 'F32', shape, data });
    }
  }
  const notes = { [stepsNote]: String(moments.steps) };
  writeSafetensors(path.join(folder, checkpointFiles.optimiser), stored, notes);
}

/** The moments of a checkpoint; null where it has none of all parameters. The caller closes the file. */
export function openMoments(
  folder: string,
  shapes: Readonly<Record<string, number[]>>,
): { moments: Moments | null; close(): void } {
  const file = path.join(folder, checkpointFiles.optimiser);
  if (!existsSync(file)) return { moments: null, close: () => {} };
  const { tensors, notes, close } = openSafetensors(file);
  const pick = (kind: string) => {
    const found = new Map<string, SourceTensor>();
    for (const [name, shape] of Object.entries(shapes)) {
      const tensor = tensors.get(`${kind}.${name}`);
      if (tensor === undefined || countElements(tensor.shape) !== countElements(shape)) return null;
      const read = () => toFileOrder(tensor.read(), shape);
      found.set(name, { dtype: 'F32', shape: toFileShape(shape), read });
    }
    return found;
  };
  const [first, second] = [pick(kinds.first), pick(kinds.second)];
  const steps = stepsOf(folder, notes);
  return { moments: first && second && steps !== null ? { steps, first, second } : null, close };
}

/** How many steps the optimiser of a checkpoint took; null where nothing says it. */
export function countMomentSteps(folder: string): number | null {
  const file = path.join(folder, checkpointFiles.optimiser);
  if (!existsSync(file)) return null;
  const { notes, close } = openSafetensors(file);
  close();
  return stepsOf(folder, notes);
}

/** Checkpoints of older versions say it by their folder's name alone. */
function stepsOf(folder: string, notes: Readonly<Record<string, string>>): number | null {
  const text = notes[stepsNote] ?? /^step-(\d+)$/.exec(path.basename(folder))?.[1];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
