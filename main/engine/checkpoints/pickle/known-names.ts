import { quote } from '../quote.ts';
import { PickleError } from './pickle-error.ts';
import {
  PickleDict,
  PickleList,
  PickleName,
  PickleStorage,
  PickleTensor,
  PickleTuple,
  type PickleValue,
} from './values.ts';

type Call = (values: readonly PickleValue[]) => PickleValue;

/** Functions that a tensor file may call, each with what it means here: data is put together, nothing runs. */
const calls: Record<string, Call> = {
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_parameter': ([tensor]) => tensor ?? null,
  'collections.OrderedDict': buildDict,
  'collections.defaultdict': () => new PickleDict(),
  'torch.Size': ([items]) => (items instanceof PickleList ? new PickleTuple(items.items) : (items ?? null)),
  'torch.device': ([name]) => name ?? null,
  // Rates and losses that were numbers of NumPy's: their bytes, which nothing needs.
  'numpy.core.multiarray.scalar': () => null,
  'numpy._core.multiarray.scalar': () => null,
  'numpy.dtype': () => null,
  '_codecs.encode': () => null,
  // Lists in a TorchScript archive.
  'torch.jit._pickle.build_intlist': ([items]) => items ?? null,
  'torch.jit._pickle.build_doublelist': ([items]) => items ?? null,
  'torch.jit._pickle.build_boollist': ([items]) => items ?? null,
  'torch.jit._pickle.build_tensorlist': ([items]) => items ?? null,
  'torch.jit._pickle.restore_type_tag': ([item]) => item ?? null,
};

/** Names that stand for a value: kinds of storage and of number. */
const constants =
  /^torch\.(storage\.)?(\w+Storage|float(16|32|64)|bfloat16|u?int(8|16|32|64)|bool|half|double|long)$/;

/** Classes of a TorchScript archive live in a name space of their own. */
export function isScriptClass({ full }: PickleName): boolean {
  return full.startsWith('__torch__.');
}

/** @throws PickleError for a name that no tensor file needs, with that name */
export function checkName(name: PickleName, allowScript: boolean): PickleName {
  if (Object.hasOwn(calls, name.full) || constants.test(name.full)) return name;
  if (allowScript && isScriptClass(name)) return name;
  throw new PickleError(
    `its pickle asks for ${quote(name.full)}, which no file of tensors needs; nothing of it was run`,
  );
}

/** Does what a known function does with its arguments. */
export function callByName(name: PickleValue, values: PickleValue): PickleValue {
  if (!(name instanceof PickleName) || !(values instanceof PickleTuple) || !Object.hasOwn(calls, name.full)) {
    throw new PickleError('its pickle calls what is not a function');
  }
  return calls[name.full]!(values.items);
}

function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): PickleTensor {
  if (!(storage instanceof PickleStorage)) throw new PickleError('a tensor in it has no storage');
  return new PickleTensor(storage, wholeNumber(offset), wholeNumbers(shape), wholeNumbers(strides));
}

function buildDict([pairs]: readonly PickleValue[]): PickleDict {
  const dict = new PickleDict();
  if (pairs === undefined) return dict;
  if (!(pairs instanceof PickleList)) throw new PickleError('a dictionary in it is made of no list of pairs');
  for (const pair of pairs.items) {
    if (!(pair instanceof PickleTuple || pair instanceof PickleList) || pair.items.length !== 2) {
      throw new PickleError('a dictionary in it is made of no list of pairs');
    }
    setItem(dict, pair.items[0]!, pair.items[1]!);
  }
  return dict;
}

/** @throws PickleError where the key is there already or is neither text nor number */
export function setItem(dict: PickleDict, key: PickleValue, value: PickleValue): void {
  if (typeof key !== 'string' && typeof key !== 'number') {
    throw new PickleError('a dictionary in it has a key that is neither text nor number');
  }
  if (dict.entries.has(key)) throw new PickleError(`the name ${quote(String(key))} stands in it twice`);
  dict.entries.set(key, value);
}

function wholeNumbers(value: PickleValue | undefined): number[] {
  if (!(value instanceof PickleTuple || value instanceof PickleList)) {
    throw new PickleError('a tensor in it has no shape');
  }
  return value.items.map(wholeNumber);
}

function wholeNumber(value: PickleValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new PickleError('a tensor in it has a size or place that is no whole number from 0');
}
