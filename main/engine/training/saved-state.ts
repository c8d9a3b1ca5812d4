import { existsSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { checkpointFiles, writeCheckpoint } from '../checkpoints/checkpoint-folder.ts';
import { areFinite } from '../checkpoints/float-values.ts';
import { readSafetensors, writeSafetensors } from '../checkpoints/safetensors.ts';
import type { StoredTensor } from '../checkpoints/tensor-dtypes.ts';
import { saveWeights } from '../checkpoints/weights.ts';
import type { Parameters } from '../clip/parameters.ts';
import type { Moments } from './adamw.ts';
import type { EpochProgress } from './epoch-progress.ts';
import { type EpochPlan, saveMethodState } from './method-state.ts';
import type { TrainingState } from './training-state.ts';

const momentKinds = ['firstMoments', 'secondMoments'] as const;

/**
 * Writes weights, batch-norm statistics, optimiser state and the method's own state as a checkpoint folder. The
 * workbench decides how long what only serves to go on is kept.
 * @param frozen parameters that the run does not train
 * @param plan what the method chose for the present epoch
 * @param progress how far the present epoch is
 * @returns SHA-256 (hex) of the weights file
 */
export async function saveTrainingState(
  folder: string,
  spec: ModelSpec,
  state: TrainingState,
  frozen: Parameters,
  plan: EpochPlan | null,
  progress: EpochProgress,
): Promise<string> {
  return writeCheckpoint(folder, spec, async (unfinished) => {
    writeSafetensors(path.join(unfinished, checkpointFiles.optimiser), await storeMoments(state));
    await progress.save(unfinished);
    await saveMethodState(unfinished, { memory: state.memory, plan });
    return saveWeights(path.join(unfinished, checkpointFiles.weights), {
      parameters: { ...state.parameters, ...frozen },
      statistics: state.statistics,
    });
  });
}

/** The optimiser state of a checkpoint. The caller disposes it. */
export function loadMoments(folder: string): Moments {
  const file = path.join(folder, checkpointFiles.optimiser);
  if (!existsSync(file)) {
    const message = `${file} is missing: without the optimiser's state the run cannot go on from here.`;
    throw new WorkbenchError('not-found', message, { file });
  }
  const moments: Moments = { firstMoments: {}, secondMoments: {} };
  for (const [key, { shape, data }] of readSafetensors(file)) {
    const kind = momentKinds.find((candidate) => key.startsWith(`${candidate}.`));
    if (!kind || !(data instanceof Float32Array)) {
      const message = `${file} holds ${key}, which is no optimiser state: the file is damaged.`;
      throw new WorkbenchError('corrupt-file', message, { file, tensor: key });
    }
    if (!areFinite(data)) {
      const message = `${file}: ${key} holds values that are not finite: the file is damaged.`;
      throw new WorkbenchError('corrupt-file', message, { file, tensor: key });
    }
    moments[kind][key.slice(kind.length + 1)] = tf.tensor(data, [...shape], 'float32');
  }
  return moments;
}

async function storeMoments(moments: Moments): Promise<Map<string, StoredTensor>> {
  const stored = new Map<string, StoredTensor>();
  for (const kind of momentKinds) {
    for (const [name, tensor] of Object.entries(moments[kind])) {
      const data = new Float32Array(await tensor.data());
      stored.set(`${kind}.${name}`, { dtype: 'F32', shape: tensor.shape, data });
    }
  }
  return stored;
}
