/** An op's list argument among its inputs. */
export interface ListArgument {
  /** The first input that belongs to it. */
  start: number;
  length: number;
  /** The attribute that holds the length, which follows from the inputs in a graph. */
  attribute: string;
}

const from = (start: number, after = 0, attribute = 'N') => {
  return (inputs: number): ListArgument => ({ start, length: inputs - start - after, attribute });
};

/** Ops with one more list argument at their end, which we leave empty. */
export const endsWithEmptyList = new Set(['_FusedConv2D']);

/** How many of an op's inputs form its list argument, and where it starts; all other ops take single tensors. */
export const listArguments: Record<string, (inputs: number) => ListArgument> = {
  AddN: from(0),
  ConcatV2: from(0, 1),
  Einsum: from(0),
  IdentityN: from(0),
  Pack: from(0),
  _FusedConv2D: from(2, 0, 'TArgs'),
  _FusedMatMul: from(2, 0, 'num_args'),
};
