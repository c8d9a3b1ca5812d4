import { createRequire } from 'node:module';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import type { OpAttribute } from './attributes.ts';
import type { TensorflowBinding } from './binding.ts';
import type { TensorMetadata } from './eager-context.ts';

/** What we use of tfjs-node's NodeJSKernelBackend; its own types hide the last two. */
interface NodeKernelBackend extends tf.KernelBackend {
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
  write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId;
  readSync(dataId: tf.DataId): tf.backend_util.BackendValues;
  getInputTensorIds(tensors: tf.TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

type NodeKernelBackendClass = new (binding: TensorflowBinding, packageName: string) => NodeKernelBackend;

const require = createRequire(import.meta.url);
const packageName = '@tensorflow/tfjs-node-gpu';

/** The kernels call util functions that Node 23 removed, or warns about. */
function restoreRemovedUtil(): void {
  const restored = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  };
  for (const [name, value] of Object.entries(restored))
    Object.defineProperty(util, name, { value, configurable: true });
}

/** Registers every kernel of tfjs-node and gives the class of their backend. */
function loadKernels(): NodeKernelBackendClass {
  restoreRemovedUtil();
  require(`${packageName}/dist/register_all_kernels`);
  const { NodeJSKernelBackend }: { NodeJSKernelBackend: NodeKernelBackendClass } = require(
    `${packageName}/dist/nodejs_kernel_backend`,
  );
  return NodeJSKernelBackend;
}

export type TensorflowKernelBackend = NodeKernelBackend & { readonly binding: TensorflowBinding };

/** tfjs-node's backend over our binding; it tells the binding what a traced step writes and reads. */
export function createKernelBackend(binding: TensorflowBinding): TensorflowKernelBackend {
  const NodeJSKernelBackend = loadKernels();
  class TraceableKernelBackend extends NodeJSKernelBackend {
    declare readonly binding: TensorflowBinding;

    override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
      binding.noteWritten(values);
      return super.write(values, shape, dtype);
    }

    override readSync(dataId: tf.DataId): tf.backend_util.BackendValues {
      binding.checkReadable();
      return super.readSync(dataId);
    }
  }
  return new TraceableKernelBackend(binding, packageName);
}

/** The tensorflow backend where it is the current one, else null. */
export function currentTensorflow(): TensorflowKernelBackend | null {
  return tf.getBackend() === 'tensorflow' ? (tf.backend() as TensorflowKernelBackend) : null;
}
