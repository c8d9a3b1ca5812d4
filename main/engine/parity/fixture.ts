import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { readSafetensors } from '../checkpoints/safetensors.ts';

/** A JSON file of reference figures. Throws `corrupt-file`, naming file and field, where it is not of the schema's shape. */
export async function parseFixture<T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T>> {
  const parsed = schema.safeParse(await readJson(file));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  const message = `${file} is not as expected at "${field}": ${issue?.message}. Use the folder of reference figures as it was made.`;
  throw new WorkbenchError('corrupt-file', message, { file, field });
}

/** Tensors of one file of reference figures. `floats` and `integers` throw `corrupt-file` where the tensor is missing or of another type. */
export interface FixtureTensors {
  has(name: string): boolean;
  floats(name: string): { data: Float32Array; shape: number[] };
  integers(name: string): { data: Int32Array; shape: number[] };
}

export function openFixture(file: string): FixtureTensors {
  const stored = readSafetensors(file);
  const refuse = (name: string, dtype: string) => {
    const message = `${file} has no tensor ${name} of type ${dtype}. Use the folder of reference figures as it was made.`;
    return new WorkbenchError('corrupt-file', message, { file, tensor: name });
  };
  return {
    has: (name) => stored.has(name),
    floats(name) {
      const tensor = stored.get(name);
      if (tensor?.data instanceof Float32Array) return { data: tensor.data, shape: tensor.shape };
      throw refuse(name, 'F32');
    },
    integers(name) {
      const tensor = stored.get(name);
      if (tensor?.data instanceof Int32Array) return { data: tensor.data, shape: tensor.shape };
      throw refuse(name, 'I32');
    },
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const message = `${file} cannot be read as JSON. Use the folder of reference figures as it was made.`;
    throw new WorkbenchError('corrupt-file', message, { file }, { cause });
  }
}
