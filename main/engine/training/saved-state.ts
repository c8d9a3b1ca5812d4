import { existsSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { checkpointFiles, writeCheckpoint } from '../checkpoints/checkpoint-folder.ts';
import { areFinite } from '../checkpoints/float-values.ts';
import { lazyValues } from '../checkpoints/lazy-values.ts';
import { stepsNote } from '../checkpoints/moments-file.ts';
import { readSafetensors, writeSafetensors } from '../checkpoints/safetensors.ts';
import type { WritableTensor } from '../checkpoints/tensor-dtypes.ts';
import { saveWeights } from '../checkpoints/weights.ts';
import type { Tensors } from '../methods/training-method.ts';
import type { EpochProgress } from './epoch-progress.ts';
import { type EpochPlan, saveMethodState } from './method-state.ts';
import { joinedName, splitJoinedMoments } from './optimisers/joined-moments.ts';
import type { Optimiser } from './optimisers/optimiser.ts';
import { type TrainingState, variableOf } from './training-state.ts';

/**
 * Writes weights, batch-norm statistics, optimiser state and the method's own state as a checkpoint folder. The
 * workbench decides how long what only serves to go on is kept.
 * @param steps how many the optimiser took, those before this run too where it kept its moments
 * @param plan what the method chose for the present epoch
 * @param progress how far the present epoch is
 * @returns SHA-256 (hex) of the weights file
 */
export async function saveTrainingState(
  folder: string,
  spec: ModelSpec,
  state: TrainingState,
  steps: number,
  plan: EpochPlan | null,
  progress: EpochProgress,
): Promise<string> {
  const [parameters, frozen, statistics, memory] = (
    ['parameters', 'frozen', 'statistics', 'memory'] as const
  ).map((part) => state.read(part)) as [Tensors, Tensors, Tensors, Tensors];
  try {
    return await writeCheckpoint(folder, spec, async (unfinished) => {
      const notes = { [stepsNote]: String(steps) };
      writeSafetensors(path.join(unfinished, checkpointFiles.optimiser), await storeMoments(state), notes);
      await progress.save(unfinished);
      await saveMethodState(unfinished, { memory, plan });
      return saveWeights(path.join(unfinished, checkpointFiles.weights), {
        parameters: { ...parameters, ...frozen },
        statistics,
      });
    });
  } finally {
    tf.dispose([parameters, frozen, statistics, memory]);
  }
}

/**
 * The optimiser state of a checkpoint, by kind and parameter; older ones that hold each kind as one vector too. The
 * caller disposes it.
 * @param trained shapes of the parameters that the run trains
 */
export function loadMoments(
  folder: string,
  { moments: kinds }: Optimiser,
  trained: Record<string, readonly number[]>,
): Record<string, Tensors> {
  const file = path.join(folder, checkpointFiles.optimiser);
  if (!existsSync(file)) {
    const message = `${file} is missing: without the optimiser's state the run cannot go on from here.`;
    throw new WorkbenchError('not-found', message, { file });
  }
  const damaged = (tensor: string, reason: string) =>
    new WorkbenchError('corrupt-file', `${file}: ${tensor} ${reason}: the file is damaged.`, {
      file,
      tensor,
    });
  const stored = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [key, { shape, data }] of readSafetensors(file)) {
    if (!(data instanceof Float32Array)) throw damaged(key, 'is no optimiser state');
    if (!areFinite(data)) throw damaged(key, 'holds values that are not finite');
    const kind = kinds.find((candidate) => key.startsWith(`${candidate}.`));
    if (kind === undefined) throw damaged(key, 'is no optimiser state');
    if (key !== `${kind}.${joinedName}`) stored.set(key, { shape, data });
    else for (const [name, part] of splitJoinedMoments(data, trained)) stored.set(`${kind}.${name}`, part);
  }
  const take = (kind: string, name: string) => {
    const key = `${kind}.${name}`;
    const found = stored.get(key);
    if (found === undefined) throw damaged(key, 'is missing');
    if (found.shape.join() !== trained[name]!.join()) throw damaged(key, `is [${found.shape}]`);
    return tf.tensor(found.data, [...found.shape], 'float32');
  };
  const names = Object.keys(trained);
  return Object.fromEntries(
    kinds.map((kind) => [kind, Object.fromEntries(names.map((name) => [name, take(kind, name)]))]),
  );
}

async function storeMoments(state: TrainingState): Promise<Map<string, WritableTensor>> {
  const stored = new Map<string, WritableTensor>();
  for (const kind of state.optimiser.moments) {
    for (const name of state.namesIn(kind)) {
      const variable = variableOf(kind, name);
      const shape = state.variables.shapes.get(variable)!;
      const data = await lazyValues(() => state.variables.read(variable));
      stored.set(`${kind}.${name}`, { dtype: 'F32', shape, data });
    }
  }
  return stored;
}
