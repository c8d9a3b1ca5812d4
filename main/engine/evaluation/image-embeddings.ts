import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import { readSafetensors, writeSafetensors } from '../checkpoints/safetensors.ts';
import type { StoredTensor } from '../checkpoints/tensor-dtypes.ts';

/** Raw image embeddings of one pass over the test pictures, float32 as the tower gave them, row-major [images, dim]. */
export interface ImageEmbeddings {
  images: number;
  dim: number;
  clean: Float32Array;
  /** null where nothing was attacked. */
  triggered: Float32Array | null;
}

export interface EmbeddingsWriter {
  /** Adds the embeddings of the next pictures, [n, dim]. */
  add(pass: 'clean' | 'triggered', embeddings: Float32Array): void;
  /** Writes the file. @returns its SHA-256 (hex) */
  finish(): string;
}

/** Collects embeddings in memory (4 bytes a value) and writes them as safetensors, whole or not at all. */
export function openEmbeddingsWriter(
  path: string,
  { images, dim, attacked }: { images: number; dim: number; attacked: boolean },
): EmbeddingsWriter {
  const values = {
    clean: new Float32Array(images * dim),
    triggered: new Float32Array(attacked ? images * dim : 0),
  };
  const filled = { clean: 0, triggered: 0 };
  return {
    add(pass, embeddings) {
      values[pass].set(embeddings, filled[pass]);
      filled[pass] += embeddings.length;
    },
    finish() {
      const tensors = new Map<string, StoredTensor>();
      const shape = [images, dim];
      tensors.set('clean', { dtype: 'F32', shape, data: values.clean });
      if (attacked) tensors.set('triggered', { dtype: 'F32', shape, data: values.triggered });
      mkdirSync(dirname(path), { recursive: true });
      return writeSafetensors(path, tensors);
    },
  };
}

/** @throws WorkbenchError `not-found` where there is no such file, `corrupt-file` where it holds something else */
export function readImageEmbeddings(path: string): ImageEmbeddings {
  const tensors = readSafetensors(path);
  const clean = tensors.get('clean');
  const triggered = tensors.get('triggered');
  const [images, dim] = clean?.shape ?? [];
  if (images === undefined || dim === undefined || !(clean?.data instanceof Float32Array)) {
    throw unfit(path, 'it has no table of clean pictures');
  }
  if (triggered === undefined) return { images, dim, clean: clean.data, triggered: null };
  if (!(triggered.data instanceof Float32Array) || triggered.data.length !== images * dim) {
    throw unfit(path, 'its table of triggered pictures does not match that of the clean ones');
  }
  return { images, dim, clean: clean.data, triggered: triggered.data };
}

function unfit(path: string, reason: string): WorkbenchError {
  return new WorkbenchError(
    'corrupt-file',
    `${path} does not hold image embeddings: ${reason}. Evaluate again.`,
    {
      path,
      reason,
    },
  );
}
