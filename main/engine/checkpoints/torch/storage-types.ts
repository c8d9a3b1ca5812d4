import type { TensorDtype } from '../tensor-dtypes.ts';

/** PyTorch's storages and the element types they hold. */
const storageTypes: Record<string, TensorDtype> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** The element type of a storage by PyTorch's name; null for one that no weights are held in. */
export function findStorageDtype(name: string): TensorDtype | null {
  return Object.hasOwn(storageTypes, name) ? storageTypes[name]! : null;
}
