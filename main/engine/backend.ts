import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { WorkbenchError } from '#contract/errors.ts';
import type { BackendName } from '#contract/run.ts';
import { registerTensorflow } from './tensorflow/load-tensorflow.ts';

interface Loaded {
  version: string;
  device: string;
  oneDnn?: boolean;
}

export interface LoadedBackend extends Loaded {
  name: BackendName;
}

const loaders = {
  tensorflow: async () => registerTensorflow(),
  wasm: registerWasm,
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    return { version: tf.version_core, device: 'CPU (JavaScript)' };
  },
} satisfies Record<BackendName, () => Promise<Loaded>>;

const loading = new Map<BackendName, Promise<Loaded>>();

/**
 * Makes a backend the one that computes, loading it at its first use.
 * @throws WorkbenchError `unavailable` where this machine lacks it
 */
export async function useBackend(name: BackendName): Promise<LoadedBackend> {
  let load = loading.get(name);
  if (!load) {
    load = loaders[name]();
    loading.set(name, load);
  }
  const loaded = await load;
  if (!(await tf.setBackend(name))) {
    throw new WorkbenchError('unavailable', `The backend ${name} could not be started on this machine.`, {
      name,
    });
  }
  return { name, ...loaded };
}

async function registerWasm(): Promise<Loaded> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const folder = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  wasm.setWasmPaths(`${folder}${path.sep}`);
  return { version: wasm.version_wasm, device: 'CPU (WebAssembly)' };
}
