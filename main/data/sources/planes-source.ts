import type { InnerSource } from '#contract/picture-source.ts';
import { readRange } from './read-range.ts';
import type { SourceDefinition } from './source-definition.ts';

export const planesSource: SourceDefinition<Extract<InnerSource, { kind: 'planes' }>> = {
  async read({ path, offset, width, height }) {
    const pixels = width * height;
    const planes = await readRange(path, offset, 3 * pixels);
    const data = new Uint8Array(3 * pixels);
    for (let plane = 0; plane < 3; plane += 1) {
      for (let at = 0; at < pixels; at += 1) data[3 * at + plane] = planes[plane * pixels + at]!;
    }
    return { picture: { width, height, data } };
  },
  describe: ({ path, offset }) => `the pixels at byte ${offset} of ${path}`,
};
