import path from 'node:path';
import { z } from 'zod';
import { activationSchema } from '#contract/clip-config.ts';
import type { ParityCheck } from '#contract/engine.ts';
import { judge } from './compare.ts';
import { openFixture, parseFixture } from './fixture.ts';
import { compareModelFile } from './model-embeddings.ts';
import type { ParityPart } from './part.ts';

const expectedSchema = z.object({
  files: z
    .record(z.string(), z.object({ path: z.string(), activation: activationSchema }))
    .refine((files) => Object.keys(files).length > 0),
  tolerance: z.number().positive(),
});

/** Tiny CLIPs as transformers and open_clip write them. */
export const modelsPart: ParityPart = { name: 'models', files: ['models'], check: checkModels };

async function checkModels(root: string): Promise<ParityCheck[]> {
  const folder = path.join(root, 'models');
  const { files, tolerance } = await parseFixture(path.join(folder, 'expected.json'), expectedSchema);
  return Object.entries(files).map(([name, { path: note, activation }]) => {
    const io = openFixture(path.join(folder, name, 'io.safetensors'));
    // The path stands before a blank and a remark.
    const file = path.join(folder, note.split(' ')[0]!);
    return judge(`models/${name}`, compareModelFile(file, io, activation), tolerance);
  });
}
