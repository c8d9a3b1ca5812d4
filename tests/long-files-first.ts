import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longer than their size says, the longest first. */
const longFiles = [
  'hosts/cli-train',
  'engine/methods/repairs',
  'data/emoji/build-emoji-dataset',
  'engine/devices/webgpu',
  'workbench/runs/damaged-checkpoints',
  'api/routers/reaction',
].map((name) => `/tests/${name}.test.ts`);

/**
 * In a fresh clone vitest knows no durations and goes by size: a small file that takes half a minute would come last,
 * while the other worker has nothing left to do.
 */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longFiles.findIndex((name) => moduleId.endsWith(name));
      return place < 0 ? longFiles.length : place;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
