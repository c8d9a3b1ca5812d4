import type { TensorDtype } from './tensor-dtypes.ts';

/** A tensor in a file that is open: nothing of it is in memory until it is read. */
export interface SourceTensor {
  dtype: TensorDtype;
  shape: number[];
  /**
   * Its values, row-major, as float32.
   * @throws WorkbenchError `corrupt-file` where the file ends early, `bad-input` where it holds whole numbers
   */
  read(): Float32Array;
}

/** What AdamW keeps of one parameter. */
export interface StoredMoments {
  /** Steps that were taken. */
  steps(): number;
  first: SourceTensor;
  second: SourceTensor;
}

/** How a model file is written. */
export type FileFormat = 'safetensors' | 'torch-zip' | 'torch-legacy' | 'torchscript';

/** One open model file, or a folder's, with the tensors of its weights. */
export interface TensorSource {
  format: FileFormat;
  /** By the names in the file. */
  tensors: Map<string, SourceTensor>;
  /** The file's own notes: safetensors' metadata, or the plain values beside a checkpoint's weights (epoch, name). */
  notes: Record<string, string>;
  /** Sizes of the optimiser's groups of parameters, where the file is a training checkpoint. */
  optimiserGroups: number[] | null;
  /** AdamW's state by the number of the parameter, in PyTorch's layouts; empty where the file has none. */
  optimiserState: ReadonlyMap<number, StoredMoments>;
  /** Names of the kinds of modules in a TorchScript archive. */
  moduleNames: string[];
  close(): void;
}
