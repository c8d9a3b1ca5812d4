import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { checkpointFiles, writeCheckpoint } from '../checkpoints/checkpoint-folder.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../checkpoints/safetensors.ts';
import { saveWeights } from '../checkpoints/weights.ts';
import type { Parameters } from '../clip/parameters.ts';
import type { Moments } from './adamw.ts';
import { type EpochPlan, saveMethodState } from './method-state.ts';
import type { TrainingState } from './training-state.ts';

const momentKinds = ['firstMoments', 'secondMoments'] as const;

/** What serves to go on only, and is large: this many of the latest checkpoints keep it. */
const resumeFiles = [checkpointFiles.optimiser, checkpointFiles.methodTensors, checkpointFiles.methodPlan];
const keptOptimiserStates = 2;

/**
 * Writes weights, batch-norm statistics, optimiser state and the method's own state as a checkpoint folder.
 * @param frozen parameters that the run does not train
 * @param plan what the method chose for the present epoch
 * @returns SHA-256 (hex) of the weights file
 */
export async function saveTrainingState(
  folder: string,
  spec: ModelSpec,
  state: TrainingState,
  frozen: Parameters,
  plan: EpochPlan | null,
): Promise<string> {
  const weightsSha256 = await writeCheckpoint(folder, spec, async (unfinished) => {
    writeSafetensors(path.join(unfinished, checkpointFiles.optimiser), await storeMoments(state));
    await saveMethodState(unfinished, { memory: state.memory, plan });
    return saveWeights(path.join(unfinished, checkpointFiles.weights), {
      parameters: { ...state.parameters, ...frozen },
      statistics: state.statistics,
    });
  });
  await dropOldOptimiserStates(path.dirname(folder));
  return weightsSha256;
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

async function dropOldOptimiserStates(folder: string): Promise<void> {
  const steps = (await readdir(folder))
    .map((name) => Number(/^step-(\d+)$/.exec(name)?.[1] ?? Number.NaN))
    .filter((step) => !Number.isNaN(step))
    .sort((a, b) => b - a);
  for (const step of steps.slice(keptOptimiserStates)) {
    for (const file of resumeFiles) await rm(path.join(folder, `step-${step}`, file), { force: true });
  }
}
