import path from 'node:path';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import { tokenise } from '#core/tokenizer/tokenizer.ts';
import { loadTokenizer } from '#main/data/words/clip-merges.ts';
import { judge } from './compare.ts';
import { parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

const contextLength = 77;

const expectedSchema = z
  .array(z.object({ text: z.string(), ids: z.array(z.number().int().min(0)).min(1) }))
  .min(1);

/** CLIP's token ids of some texts; the error is the number of texts that read otherwise. */
export const tokenizerPart: ParityPart = {
  name: 'tokenizer',
  files: ['tokenizer.json'],
  check: checkTokenizer,
};

async function checkTokenizer(folder: string): Promise<ParityCheck[]> {
  const cases = await parseFixture(path.join(folder, 'tokenizer.json'), expectedSchema);
  const tokenizer = loadTokenizer();
  const wrong = cases.filter(({ text, ids }) => {
    const found = tokenise(tokenizer, text, contextLength);
    return found.length !== ids.length || found.some((id, place) => id !== ids[place]);
  });
  return [judge('tokenizer', wrong.length, 0)];
}
