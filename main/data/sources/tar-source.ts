import type { InnerSource } from '#contract/picture-source.ts';
import { readRange } from './read-range.ts';
import type { SourceDefinition } from './source-definition.ts';

export const tarSource: SourceDefinition<Extract<InnerSource, { kind: 'tar' }>> = {
  read: async ({ path, offset, bytes }) => ({ bytes: await readRange(path, offset, bytes) }),
  describe: ({ path, offset }) => `the member at byte ${offset} of ${path}`,
};
