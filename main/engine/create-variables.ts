import { PlainVariables } from './plain-variables.ts';
import { currentTensorflow } from './tensorflow/kernel-backend.ts';
import { ResourceVariables } from './tensorflow/resource-variables.ts';
import type { Variables } from './variables.ts';

/** Variables on the backend that computes now. `name` appears in messages. */
export function createVariables(name: string): Variables {
  const backend = currentTensorflow();
  return backend ? new ResourceVariables(backend, name) : new PlainVariables(name);
}
