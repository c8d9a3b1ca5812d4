import { readSafetensors } from '#main/engine/checkpoints/safetensors.ts';

/** The smallest cosine between rows of the same number in two files' tensors of this name. */
export function smallestCosine(ours: string, theirs: string, name: 'images' | 'texts'): number {
  const [a, b] = [ours, theirs].map((file) => readSafetensors(file).get(name));
  if (a === undefined || b === undefined || a.shape.join() !== b.shape.join())
    throw new Error(`${name}: [${a?.shape}] and [${b?.shape}] cannot be compared.`);
  const [rows = 0, dim = 0] = a.shape;
  let smallest = 1;
  for (let row = 0; row < rows; row++) {
    let [dot, left, right] = [0, 0, 0];
    for (let at = row * dim; at < (row + 1) * dim; at++) {
      const [x, y] = [Number(a.data[at]), Number(b.data[at])];
      dot += x * y;
      left += x * x;
      right += y * y;
    }
    smallest = Math.min(smallest, dot / Math.sqrt(left * right));
  }
  return smallest;
}
