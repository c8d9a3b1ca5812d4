import koffi from 'koffi';
import type { TensorflowLibrary } from '#scripts/setup/tensorflow-location.mjs';
import { openLibrary } from './open-library.ts';

/** An address in native memory, as koffi hands it over. */
export type Pointer = bigint;

/** One output of a graph node, passed by value. */
export interface GraphOutput {
  oper: Pointer;
  index: number;
}

/** The part of TensorFlow's C API (tensorflow/c/c_api.h and eager/c_api.h) that we call. */
export interface TensorflowApi {
  TF_Version(): string;
  TF_NewStatus(): Pointer;
  TF_DeleteStatus(status: Pointer): void;
  TF_GetCode(status: Pointer): number;
  TF_Message(status: Pointer): string;

  TF_AllocateTensor(dtype: number, dims: BigInt64Array, rank: number, bytes: number): Pointer;
  TF_DeleteTensor(tensor: Pointer): void;
  TF_TensorData(tensor: Pointer): Pointer;
  TF_TensorByteSize(tensor: Pointer): number;

  TFE_NewContextOptions(): Pointer;
  TFE_DeleteContextOptions(options: Pointer): void;
  TFE_NewContext(options: Pointer, status: Pointer): Pointer;
  TFE_ContextListDevices(context: Pointer, status: Pointer): Pointer;
  TF_DeviceListCount(list: Pointer): number;
  TF_DeviceListName(list: Pointer, index: number, status: Pointer): string;
  TF_DeviceListType(list: Pointer, index: number, status: Pointer): string;
  TF_DeleteDeviceList(list: Pointer): void;

  TFE_NewTensorHandle(tensor: Pointer, status: Pointer): Pointer;
  TFE_DeleteTensorHandle(handle: Pointer): void;
  TFE_TensorHandleResolve(handle: Pointer, status: Pointer): Pointer;
  TFE_TensorHandleNumDims(handle: Pointer, status: Pointer): number;
  TFE_TensorHandleDim(handle: Pointer, index: number, status: Pointer): number | bigint;
  TFE_TensorHandleDataType(handle: Pointer): number;

  TFE_NewOp(context: Pointer, name: string, status: Pointer): Pointer;
  TFE_DeleteOp(op: Pointer): void;
  TFE_OpAddInput(op: Pointer, handle: Pointer, status: Pointer): void;
  TFE_OpSetAttrString(op: Pointer, name: string, value: string, bytes: number): void;
  TFE_OpSetAttrStringList(
    op: Pointer,
    name: string,
    values: string[],
    lengths: BigInt64Array,
    count: number,
  ): void;
  TFE_OpSetAttrInt(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrIntList(op: Pointer, name: string, values: BigInt64Array, count: number): void;
  TFE_OpSetAttrFloat(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrBool(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrType(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrShape(op: Pointer, name: string, dims: BigInt64Array, rank: number, status: Pointer): void;
  TFE_Execute: {
    (op: Pointer, outputs: (Pointer | null)[], count: [number], status: Pointer): void;
    async(
      op: Pointer,
      outputs: (Pointer | null)[],
      count: [number],
      status: Pointer,
      done: (error: unknown) => void,
    ): void;
  };

  TF_NewGraph(): Pointer;
  TF_DeleteGraph(graph: Pointer): void;
  TF_NewOperation(graph: Pointer, type: string, name: string): Pointer;
  TF_AddInput(description: Pointer, input: GraphOutput): void;
  TF_AddInputList(description: Pointer, inputs: GraphOutput[], count: number): void;
  TF_AddControlInput(description: Pointer, operation: Pointer): void;
  TF_FinishOperation(description: Pointer, status: Pointer): Pointer;
  TF_SetAttrString(description: Pointer, name: string, value: string, bytes: number): void;
  TF_SetAttrStringList(
    description: Pointer,
    name: string,
    values: string[],
    lengths: BigInt64Array,
    count: number,
  ): void;
  TF_SetAttrInt(description: Pointer, name: string, value: number): void;
  TF_SetAttrIntList(description: Pointer, name: string, values: BigInt64Array, count: number): void;
  TF_SetAttrFloat(description: Pointer, name: string, value: number): void;
  TF_SetAttrBool(description: Pointer, name: string, value: number): void;
  TF_SetAttrType(description: Pointer, name: string, value: number): void;
  TF_SetAttrShape(description: Pointer, name: string, dims: BigInt64Array, rank: number): void;
  TF_SetAttrTensor(description: Pointer, name: string, tensor: Pointer, status: Pointer): void;
  TF_OperationNumOutputs(operation: Pointer): number;
  TF_OperationOutputType(output: GraphOutput): number;
  /** -1 where the rank is unknown. */
  TF_GraphGetTensorNumDims(graph: Pointer, output: GraphOutput, status: Pointer): number;
  /** Fills `dims`; -1 where a side is unknown. */
  TF_GraphGetTensorShape(
    graph: Pointer,
    output: GraphOutput,
    dims: BigInt64Array,
    rank: number,
    status: Pointer,
  ): void;
  TF_GraphToFunctionWithControlOutputs(
    graph: Pointer,
    name: string,
    appendHash: number,
    operations: number,
    operationList: null,
    inputCount: number,
    inputs: GraphOutput[],
    outputCount: number,
    outputs: GraphOutput[],
    outputNames: null,
    controlCount: number,
    controls: Pointer[],
    controlNames: null,
    options: null,
    description: string,
    status: Pointer,
  ): Pointer;
  TF_DeleteFunction(fn: Pointer): void;
  TFE_ContextAddFunction(context: Pointer, fn: Pointer, status: Pointer): void;
  TFE_ContextRemoveFunction(context: Pointer, name: string, status: Pointer): void;

  /** libc's, found through the library: tensors are copied, never viewed (Electron forbids external buffers). */
  memcpy: {
    (to: Pointer, from: ArrayBufferView, bytes: number): void;
    (to: ArrayBufferView, from: Pointer, bytes: number): void;
  };
}

const signatures = {
  TF_Version: 'const char* TF_Version()',
  TF_NewStatus: 'void* TF_NewStatus()',
  TF_DeleteStatus: 'void TF_DeleteStatus(void*)',
  TF_GetCode: 'int TF_GetCode(void*)',
  TF_Message: 'const char* TF_Message(void*)',
  TF_AllocateTensor: 'void* TF_AllocateTensor(int, const int64_t*, int, size_t)',
  TF_DeleteTensor: 'void TF_DeleteTensor(void*)',
  TF_TensorData: 'void* TF_TensorData(void*)',
  TF_TensorByteSize: 'size_t TF_TensorByteSize(void*)',
  TFE_NewContextOptions: 'void* TFE_NewContextOptions()',
  TFE_DeleteContextOptions: 'void TFE_DeleteContextOptions(void*)',
  TFE_NewContext: 'void* TFE_NewContext(void*, void*)',
  TFE_ContextListDevices: 'void* TFE_ContextListDevices(void*, void*)',
  TF_DeviceListCount: 'int TF_DeviceListCount(void*)',
  TF_DeviceListName: 'const char* TF_DeviceListName(void*, int, void*)',
  TF_DeviceListType: 'const char* TF_DeviceListType(void*, int, void*)',
  TF_DeleteDeviceList: 'void TF_DeleteDeviceList(void*)',
  TFE_NewTensorHandle: 'void* TFE_NewTensorHandle(void*, void*)',
  TFE_DeleteTensorHandle: 'void TFE_DeleteTensorHandle(void*)',
  TFE_TensorHandleResolve: 'void* TFE_TensorHandleResolve(void*, void*)',
  TFE_TensorHandleNumDims: 'int TFE_TensorHandleNumDims(void*, void*)',
  TFE_TensorHandleDim: 'int64_t TFE_TensorHandleDim(void*, int, void*)',
  TFE_TensorHandleDataType: 'int TFE_TensorHandleDataType(void*)',
  TFE_NewOp: 'void* TFE_NewOp(void*, const char*, void*)',
  TFE_DeleteOp: 'void TFE_DeleteOp(void*)',
  TFE_OpAddInput: 'void TFE_OpAddInput(void*, void*, void*)',
  TFE_OpSetAttrString: 'void TFE_OpSetAttrString(void*, const char*, const char*, size_t)',
  TFE_OpSetAttrStringList:
    'void TFE_OpSetAttrStringList(void*, const char*, const char**, const size_t*, int)',
  TFE_OpSetAttrInt: 'void TFE_OpSetAttrInt(void*, const char*, int64_t)',
  TFE_OpSetAttrIntList: 'void TFE_OpSetAttrIntList(void*, const char*, const int64_t*, int)',
  TFE_OpSetAttrFloat: 'void TFE_OpSetAttrFloat(void*, const char*, float)',
  TFE_OpSetAttrBool: 'void TFE_OpSetAttrBool(void*, const char*, uint8_t)',
  TFE_OpSetAttrType: 'void TFE_OpSetAttrType(void*, const char*, int)',
  TFE_OpSetAttrShape: 'void TFE_OpSetAttrShape(void*, const char*, const int64_t*, int, void*)',
  TFE_Execute: 'void TFE_Execute(void*, _Inout_ void**, _Inout_ int*, void*)',
  TF_NewGraph: 'void* TF_NewGraph()',
  TF_DeleteGraph: 'void TF_DeleteGraph(void*)',
  TF_NewOperation: 'void* TF_NewOperation(void*, const char*, const char*)',
  TF_AddInput: 'void TF_AddInput(void*, TF_Output)',
  TF_AddInputList: 'void TF_AddInputList(void*, const TF_Output*, int)',
  TF_AddControlInput: 'void TF_AddControlInput(void*, void*)',
  TF_FinishOperation: 'void* TF_FinishOperation(void*, void*)',
  TF_SetAttrString: 'void TF_SetAttrString(void*, const char*, const char*, size_t)',
  TF_SetAttrStringList: 'void TF_SetAttrStringList(void*, const char*, const char**, const size_t*, int)',
  TF_SetAttrInt: 'void TF_SetAttrInt(void*, const char*, int64_t)',
  TF_SetAttrIntList: 'void TF_SetAttrIntList(void*, const char*, const int64_t*, int)',
  TF_SetAttrFloat: 'void TF_SetAttrFloat(void*, const char*, float)',
  TF_SetAttrBool: 'void TF_SetAttrBool(void*, const char*, uint8_t)',
  TF_SetAttrType: 'void TF_SetAttrType(void*, const char*, int)',
  TF_SetAttrShape: 'void TF_SetAttrShape(void*, const char*, const int64_t*, int)',
  TF_SetAttrTensor: 'void TF_SetAttrTensor(void*, const char*, void*, void*)',
  TF_OperationNumOutputs: 'int TF_OperationNumOutputs(void*)',
  TF_OperationOutputType: 'int TF_OperationOutputType(TF_Output)',
  TF_GraphGetTensorNumDims: 'int TF_GraphGetTensorNumDims(void*, TF_Output, void*)',
  TF_GraphGetTensorShape: 'void TF_GraphGetTensorShape(void*, TF_Output, _Out_ int64_t*, int, void*)',
  TF_GraphToFunctionWithControlOutputs:
    'void* TF_GraphToFunctionWithControlOutputs(void*, const char*, uint8_t, int, void*, int, const TF_Output*, int, const TF_Output*, void*, int, const void**, void*, void*, const char*, void*)',
  TF_DeleteFunction: 'void TF_DeleteFunction(void*)',
  TFE_ContextAddFunction: 'void TFE_ContextAddFunction(void*, void*, void*)',
  TFE_ContextRemoveFunction: 'void TFE_ContextRemoveFunction(void*, const char*, void*)',
  memcpy: 'void* memcpy(void*, const void*, size_t)',
} satisfies Record<keyof TensorflowApi, string>;

let loaded: TensorflowApi | null = null;

/**
 * Loads TensorFlow's two libraries, once for the life of the process.
 *
 * Both are opened by hand first: it holds a reference, since TensorFlow's destructors crash when koffi unloads
 * its libraries at the end of the process.
 */
export function loadTensorflowApi(library: TensorflowLibrary): TensorflowApi {
  if (loaded) return loaded;
  openLibrary(library.framework, { global: true });
  openLibrary(library.cc);
  const cc = koffi.load(library.cc);
  koffi.struct('TF_Output', { oper: 'void*', index: 'int' });
  const functions = Object.entries(signatures).map(([name, signature]) => [name, cc.func(signature)]);
  loaded = Object.fromEntries(functions) as TensorflowApi;
  return loaded;
}
