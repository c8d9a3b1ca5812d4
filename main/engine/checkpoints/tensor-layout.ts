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
  return reorder(values, shape, (engine, file) => [engine, file]);
}

/** Values in a file's order, from the engine's; `shape` is the engine's. */
export function toFileOrder(values: Float32Array, shape: number[]): Float32Array {
  return reorder(values, shape, (engine, file) => [file, engine]);
}

function reorder(
  values: Float32Array,
  shape: number[],
  direct: (engine: number, file: number) => [to: number, from: number],
): Float32Array {
  if (shape.length !== 4) return values;
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const result = new Float32Array(values.length);
  const area = height * width;
  for (let place = 0; place < area; place++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        const engine = (place * inputs + input) * outputs + output;
        const file = (output * inputs + input) * area + place;
        const [to, from] = direct(engine, file);
        result[to] = values[from]!;
      }
    }
  }
  return result;
}
