import type { Precision } from '#contract/methods/common-settings.ts';
import type { OpAttribute } from './attributes.ts';
import { dtypeNumbers } from './dtypes.ts';

/** Products of matrices and convolutions, which are nearly all of a step's work; their kernels add up in float32. */
const products: ReadonlySet<string> = new Set([
  'MatMul',
  '_FusedMatMul',
  'BatchMatMul',
  'BatchMatMulV2',
  'Conv2D',
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
]);

/**
 * The attributes of an op whose float32 inputs are to be given in bfloat16 under `precision`, and whose outputs come so;
 * null: it computes as it is. As PyTorch's autocast chooses: products alone, while norms, softmax, losses and sums stay
 * in float32.
 */
export function loweredAttributes(
  precision: Precision,
  op: string,
  attributes: readonly OpAttribute[],
): OpAttribute[] | null {
  if (precision === 'float32' || !products.has(op)) return null;
  const type = attributes.find(({ name }) => name === 'T');
  if (type?.value !== dtypeNumbers.float32) return null;
  return attributes.map((attribute) =>
    attribute === type ? { ...attribute, value: dtypeNumbers.bfloat16 } : attribute,
  );
}
