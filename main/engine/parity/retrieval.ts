import path from 'node:path';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import { countRecalled, rankPairs } from '#core/statistics/retrieval.ts';
import { judge, largestDifference } from './compare.ts';
import { openFixture, parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

const directions = ['image_to_text', 'text_to_image'] as const;
const places = [1, 5, 10];
const expectedSchema = z.object({ hits: z.record(z.string(), z.number().int().min(0)) });

/** Recall at 1, 5 and 10 in both directions: counts. */
export const retrievalPart: ParityPart = {
  name: 'retrieval',
  files: ['retrieval.json', 'retrieval.safetensors'],
  check: checkRetrieval,
};

async function checkRetrieval(folder: string): Promise<ParityCheck[]> {
  const { hits } = await parseFixture(path.join(folder, 'retrieval.json'), expectedSchema);
  const tensors = openFixture(path.join(folder, 'retrieval.safetensors'));
  const images = tensors.floats('image_embeds');
  const texts = tensors.floats('text_embeds').data;
  const [, dim = 0] = images.shape;
  const ranks = {
    image_to_text: rankPairs(images.data, texts, dim),
    text_to_image: rankPairs(texts, images.data, dim),
  };
  return directions.map((direction) => {
    const found = places.map((k) => countRecalled(ranks[direction], k));
    const wanted = places.map((k) => hits[`${direction}_r${k}`] ?? Number.NaN);
    return judge(`retrieval/${direction}`, largestDifference(found, wanted), 0);
  });
}
