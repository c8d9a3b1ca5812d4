/** How many of an op's inputs form its list argument, and where it starts; all other ops take single tensors. */
export const listArguments: Record<string, (inputs: number) => { start: number; length: number }> = {
  AddN: (inputs) => ({ start: 0, length: inputs }),
  ConcatV2: (inputs) => ({ start: 0, length: inputs - 1 }),
  Einsum: (inputs) => ({ start: 0, length: inputs }),
  IdentityN: (inputs) => ({ start: 0, length: inputs }),
  Pack: (inputs) => ({ start: 0, length: inputs }),
};
