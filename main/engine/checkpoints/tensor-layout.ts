/**
 * Convolution weights differ between PyTorch's files [out, in, height, width] and the engine [height, width, in, out];
 * they are the only tensors of rank 4. All others are the same in both.
 */

/** A tensor's shape in a PyTorch file, given the engine's. */
export function toFileShape(shape: number[]): number[] {
  if (shape.length !== 4) return shape;
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  return [outputs, inputs, height, width];
}

/** Values in the engine's order, from a file's; `shape` is the engine's. */
export function toEngineOrder(values: Float32Array, shape: number[]): Float32Array {
  return reorder(values, shape, 'engine');
}

/** Values in a file's order, from the engine's; `shape` is the engine's. */
export function toFileOrder(values: Float32Array, shape: number[]): Float32Array {
  return reorder(values, shape, 'file');
}

/** Outputs that are moved together: a line of the processor's cache holds as many. */
const outputsAtOnce = 16;

function reorder(values: Float32Array, shape: number[], wanted: 'engine' | 'file'): Float32Array {
  if (shape.length !== 4) return values;
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const result = new Float32Array(values.length);
  const area = height * width;
  const each = inputs * area;
  for (let first = 0; first < outputs; first += outputsAtOnce) {
    const end = Math.min(outputs, first + outputsAtOnce);
    for (let input = 0; input < inputs; input++) {
      for (let place = 0; place < area; place++) {
        const engine = (place * inputs + input) * outputs;
        const file = input * area + place;
        if (wanted === 'engine') {
          for (let output = first; output < end; output++)
            result[engine + output] = values[output * each + file]!;
        } else {
          for (let output = first; output < end; output++)
            result[output * each + file] = values[engine + output]!;
        }
      }
    }
  }
  return result;
}
