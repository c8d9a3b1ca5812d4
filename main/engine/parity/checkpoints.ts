import path from 'node:path';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { openModelFile } from '../checkpoints/open-model-file.ts';
import { judge } from './compare.ts';
import { openFixture, parseFixture } from './fixture.ts';
import { compareModelFile } from './model-embeddings.ts';
import type { ParityPart } from './part.ts';

const expectedSchema = z.object({
  files: z.record(z.string(), z.string()).refine((files) => Object.keys(files).length > 0),
  tolerance: z.object({ float32: z.number().positive(), half: z.number().positive() }),
});
/** In what expected.json says of a file. */
const toRefuse = /must be refused/;

/** One model in each of PyTorch's formats; hostile and truncated files, which must be refused (error 1: they were not). */
export const checkpointsPart: ParityPart = {
  name: 'checkpoints',
  files: ['checkpoints'],
  check: checkCheckpoints,
};

async function checkCheckpoints(root: string): Promise<ParityCheck[]> {
  const folder = path.join(root, 'checkpoints');
  const { files, tolerance } = await parseFixture(path.join(folder, 'expected.json'), expectedSchema);
  const io = openFixture(path.join(folder, 'io.safetensors'));
  return Object.entries({ safetensors: 'model.safetensors', ...files }).map(([name, note]) => {
    const file = path.join(folder, note.split(' ')[0]!);
    const check = `checkpoints/${name}`;
    if (toRefuse.test(note)) return judge(check, isRefused(file) ? 0 : 1, 0);
    return judge(
      check,
      compareModelFile(file, io, 'quick_gelu'),
      name === 'half' ? tolerance.half : tolerance.float32,
    );
  });
}

function isRefused(file: string): boolean {
  try {
    openModelFile(file).close();
    return false;
  } catch (error) {
    return error instanceof WorkbenchError && error.kind === 'corrupt-file';
  }
}
