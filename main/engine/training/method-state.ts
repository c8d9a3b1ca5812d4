import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { checkpointFiles } from '../checkpoints/checkpoint-folder.ts';
import { readSafetensors, writeSafetensors } from '../checkpoints/safetensors.ts';
import type { StoredTensor } from '../checkpoints/tensor-dtypes.ts';
import type { Stage, Tensors } from '../methods/training-method.ts';

/** What a method chose for an epoch, and what it noted for the next. */
export interface EpochPlan {
  epoch: number;
  stages: Stage[];
  notes: unknown;
}

/** What of a method's own lives across steps. */
export interface MethodState {
  memory: Tensors;
  /** null where the method plans no epochs, or none was planned yet. */
  plan: EpochPlan | null;
}

const planSchema = z.object({
  epoch: z.number().int().min(0),
  stages: z.array(z.object({ phase: z.string(), steps: z.number().int().min(0), all: z.boolean() })),
  notes: z.unknown(),
});

const memoryPrefix = 'memory.';
const rowsName = (place: number) => `stage.${place}.rows`;

/** Writes a method's state into a checkpoint's folder; a method without any leaves nothing. */
export async function saveMethodState(folder: string, { memory, plan }: MethodState): Promise<void> {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of Object.entries(memory)) {
    tensors.set(memoryPrefix + name, await storeTensor(tensor));
  }
  for (const [place, { rows }] of (plan?.stages ?? []).entries()) {
    if (rows !== null) tensors.set(rowsName(place), { dtype: 'I32', shape: [rows.length], data: rows });
  }
  if (tensors.size > 0) writeSafetensors(path.join(folder, checkpointFiles.methodTensors), tensors);
  if (plan === null) return;
  const stages = plan.stages.map(({ phase, steps, rows }) => ({ phase, steps, all: rows === null }));
  const text = JSON.stringify({ ...plan, stages });
  writeFileSync(path.join(folder, checkpointFiles.methodPlan), `${text}\n`);
}

/** A method's state from a checkpoint; the caller disposes the tensors. @throws WorkbenchError `corrupt-file` */
export function loadMethodState(folder: string): MethodState {
  const tensorFile = path.join(folder, checkpointFiles.methodTensors);
  const tensors = existsSync(tensorFile) ? readSafetensors(tensorFile) : new Map<string, StoredTensor>();
  const memory: Tensors = {};
  for (const [name, stored] of tensors) {
    if (name.startsWith(memoryPrefix))
      memory[name.slice(memoryPrefix.length)] = toTensor(tensorFile, name, stored);
  }
  const planFile = path.join(folder, checkpointFiles.methodPlan);
  if (!existsSync(planFile)) return { memory, plan: null };
  const { epoch, stages, notes } = readPlan(planFile);
  const withRows = stages.map(({ phase, steps, all }, place): Stage => {
    const rows = tensors.get(rowsName(place))?.data;
    if (all) return { phase, steps, rows: null };
    if (rows instanceof Int32Array) return { phase, steps, rows };
    throw damaged(tensorFile, `it lacks ${rowsName(place)}`);
  });
  return { memory, plan: { epoch, stages: withRows, notes } };
}

function readPlan(file: string): z.infer<typeof planSchema> {
  try {
    return planSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw damaged(file, 'it is no plan of an epoch');
  }
}

async function storeTensor(tensor: tf.Tensor): Promise<StoredTensor> {
  const values = await tensor.data();
  return tensor.dtype === 'int32'
    ? { dtype: 'I32', shape: tensor.shape, data: Int32Array.from(values) }
    : { dtype: 'F32', shape: tensor.shape, data: Float32Array.from(values) };
}

function toTensor(file: string, name: string, { shape, data }: StoredTensor): tf.Tensor {
  if (data instanceof Int32Array) return tf.tensor(data, [...shape], 'int32');
  if (data instanceof Float32Array) return tf.tensor(data, [...shape], 'float32');
  throw damaged(file, `${name} is neither int32 nor float32`);
}

function damaged(file: string, reason: string): WorkbenchError {
  const message = `${file} is damaged: ${reason}. Resume from the checkpoint before it, or train again.`;
  return new WorkbenchError('corrupt-file', message, { file });
}
