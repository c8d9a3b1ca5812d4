import { WorkbenchError } from '#contract/errors.ts';
import type { StoredTensor } from './tensor-dtypes.ts';

/**
 * A tensor's values as float32; half precision (both kinds) is widened exactly, double precision rounded.
 * @param name what an error calls the tensor
 * @throws WorkbenchError `bad-input` for whole numbers
 */
export function toFloat32(name: string, tensor: StoredTensor): Float32Array {
  const { dtype, data } = tensor;
  if (dtype === 'F32' && data instanceof Float32Array) return data;
  if (dtype === 'F64' && data instanceof Float64Array) return new Float32Array(data);
  if (dtype === 'BF16' && data instanceof Uint16Array) return widenBrainFloats(data);
  if (dtype === 'F16' && data instanceof Uint16Array) return widenHalves(data);
  throw new WorkbenchError('bad-input', `Tensor ${name} holds ${dtype}, not floating-point numbers.`, {
    name,
    dtype,
  });
}

/** bfloat16 is float32 without its lower 16 bits. */
function widenBrainFloats(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length);
  for (let at = 0; at < bits.length; at++) wide[at] = bits[at]! << 16;
  return new Float32Array(wide.buffer);
}

/** Every half's number by its bits: a large model has a thousand million of them. */
let halves: Float32Array | null = null;

function widenHalves(bits: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 1 << 16 }, (_, half) => widenHalf(half));
  const wide = new Float32Array(bits.length);
  for (let at = 0; at < bits.length; at++) wide[at] = halves[bits[at]!]!;
  return wide;
}

/** The number that 16 bits stand for (IEEE 754 binary16). */
function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Whether no value is NaN or infinite. */
export function areFinite(values: Float32Array): boolean {
  for (let index = 0; index < values.length; index += 1) {
    if (!Number.isFinite(values[index])) return false;
  }
  return true;
}
