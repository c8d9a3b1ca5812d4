import { WorkbenchError } from '#contract/errors.ts';
import { readPickle } from '../pickle/interpreter.ts';
import { PickleError } from '../pickle/pickle-error.ts';
import { PickleDict, PickleList, type PickleTensor, type PickleValue } from '../pickle/values.ts';
import { quote } from '../quote.ts';
import type { RandomAccessFile } from '../random-access-file.ts';
import { tensorDtypes } from '../tensor-dtypes.ts';
import type { FileFormat, SourceTensor, StoredMoments, TensorSource } from '../tensor-source.ts';
import { findWeights } from './find-weights.ts';
import { findStorageDtype } from './storage-types.ts';
import { type StorageRange, viewStorage } from './stored-view.ts';
import { readZipDirectory } from './zip-directory.ts';

/** A full-size training checkpoint's pickle has 2 MB. */
const largestPickleBytes = 32 << 20;
/** The number that PyTorch's older files begin with, in a pickle of its own. */
const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyProtocol = 1001;

/**
 * A file of torch.save since 1.6 (a zip archive), or a TorchScript archive of torch.jit.save. Storages lie in it as
 * ranges of bytes under data/.
 * @throws WorkbenchError `corrupt-file` with what is wrong; nothing in the file is ever run
 */
export function openTorchZip(file: RandomAccessFile): TensorSource {
  const members = readZipDirectory(file);
  const [pickleName, another] = [...members.keys()].filter((name) => /^[^/]*\/?data\.pkl$/.test(name));
  if (another !== undefined) throw refuse(file, `it has both ${quote(pickleName!)} and ${quote(another)}`);
  const pickled = pickleName === undefined ? undefined : members.get(pickleName);
  if (pickleName === undefined || pickled === undefined) {
    throw refuse(file, 'it has no data.pkl, or one that was compressed when the file was packed anew');
  }
  const folder = pickleName.slice(0, -'data.pkl'.length);
  const isScript =
    members.has(`${folder}constants.pkl`) ||
    [...members.keys()].some((name) => name.startsWith(`${folder}code/`));
  checkByteOrder(file, members.get(`${folder}byteorder`));
  if (pickled.bytes > largestPickleBytes) throw refuse(file, `its pickle has ${pickled.bytes} bytes`);
  const { value } = interpret(file, file.read(pickled.start, pickled.bytes), 0, isScript);
  const locate = (key: string) => members.get(`${folder}data/${key}`);
  return toSource(file, isScript ? 'torchscript' : 'torch-zip', value, locate);
}

/**
 * A file of torch.save before 1.6: a magic number, a protocol, notes on the machine, the value and the storages' keys,
 * each a pickle, then the storages.
 * @throws WorkbenchError as {@link openTorchZip}
 */
export function openTorchLegacy(file: RandomAccessFile): TensorSource {
  const head = file.read(0, Math.min(file.bytes, largestPickleBytes));
  let end = 0;
  const widths = new Map<string, number>();
  const next = () => {
    const { value, end: after, storages } = interpret(file, head, end, false);
    end = after;
    for (const { type, key } of storages) {
      const dtype = findStorageDtype(type);
      if (dtype !== null) widths.set(key, tensorDtypes[dtype].bytes);
    }
    return value;
  };
  if (next() !== legacyMagic || next() !== legacyProtocol) {
    throw refuse(file, 'it is a pickle, but not one of torch.save');
  }
  const machine = next();
  if (machine instanceof PickleDict && machine.get('little_endian') === false) {
    throw refuse(file, 'it was written on a big-endian machine');
  }
  const value = next();
  const keys = next();
  const ranges = locateLegacy(file, keys, end, widths);
  return toSource(file, 'torch-legacy', value, (key) => ranges.get(key));
}

/** Each storage: its number of values in 8 bytes, then they. */
function locateLegacy(
  file: RandomAccessFile,
  keys: PickleValue,
  start: number,
  widths: ReadonlyMap<string, number>,
): Map<string, StorageRange> {
  if (!(keys instanceof PickleList)) throw refuse(file, 'its list of storages is missing');
  const ranges = new Map<string, StorageRange>();
  let at = start;
  for (const key of keys.items) {
    const width = typeof key === 'string' ? widths.get(key) : undefined;
    if (typeof key !== 'string' || width === undefined)
      throw refuse(file, 'a storage in it belongs to nothing');
    if (ranges.has(key)) throw refuse(file, `storage ${quote(key)} stands in it twice`);
    const count = Number(Buffer.from(file.read(at, 8).buffer).readBigUInt64LE(0));
    ranges.set(key, { start: at + 8, bytes: count * width });
    at += 8 + count * width;
    if (at > file.bytes) throw refuse(file, `it is cut off: storage ${quote(key)} reaches beyond its end`);
  }
  return ranges;
}

function toSource(
  file: RandomAccessFile,
  format: FileFormat,
  value: PickleValue,
  locate: (key: string) => StorageRange | undefined,
): TensorSource {
  const { tensors, optimiserState, ...found } = explain(file, () => findWeights(value));
  const view = (name: string, tensor: PickleTensor) =>
    viewStorage(file, name, tensor, locate(tensor.storage.key));
  const views = new Map<string, SourceTensor>();
  for (const [name, tensor] of tensors) views.set(name, view(name, tensor));
  checkTotal(file, tensors);
  const moments = new Map<number, StoredMoments>();
  for (const [number, { step, first, second }] of optimiserState) {
    const name = `optimizer.state.${number}`;
    moments.set(number, {
      steps: typeof step === 'number' ? () => step : () => view(`${name}.step`, step).read()[0] ?? Number.NaN,
      first: view(`${name}.exp_avg`, first),
      second: view(`${name}.exp_avg_sq`, second),
    });
  }
  return { format, tensors: views, optimiserState: moments, ...found, close: file.close };
}

/** Tensors may share storages, but not so often that a small file becomes a large model. */
function checkTotal(file: RandomAccessFile, tensors: ReadonlyMap<string, PickleTensor>): void {
  const total = [...tensors.values()].reduce(
    (sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1),
    0,
  );
  if (total > 2 * file.bytes) {
    throw refuse(file, `its tensors claim ${total} values, more than a file of ${file.bytes} bytes can hold`);
  }
}

function interpret(file: RandomAccessFile, bytes: Uint8Array, start: number, allowScript: boolean) {
  return explain(file, () => readPickle(bytes, { start, allowScript }));
}

function explain<T>(file: RandomAccessFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PickleError) throw refuse(file, error.message);
    throw error;
  }
}

function checkByteOrder(file: RandomAccessFile, member: StorageRange | undefined): void {
  if (member === undefined || member.bytes > 16) return;
  const order = Buffer.from(file.read(member.start, member.bytes)).toString('latin1').trim();
  if (order !== 'little') throw refuse(file, `its byte order is ${quote(order)}`);
}

function refuse({ path }: RandomAccessFile, reason: string): WorkbenchError {
  return new WorkbenchError('corrupt-file', `${path} cannot be read as a PyTorch file: ${reason}.`, {
    path,
    reason,
  });
}
