import path from 'node:path';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { clipMean, clipStd, normaliseInto, preprocess } from '#core/pixels/preprocess.ts';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { judge, largestDifference } from './compare.ts';
import { openFixture, parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

/** Of bytes: they must be equal. */
const byteTolerance = 0;
const normalisedTolerance = 1e-6;

const expectedSchema = z.object({
  mean: z.array(z.number()).length(3),
  std: z.array(z.number()).length(3),
  cases: z
    .array(
      z.object({
        input: z.string(),
        resolution: z.number().int().positive(),
        expected: z.string(),
        normalised: z.string().optional(),
      }),
    )
    .min(1),
});
type PreprocessCase = z.infer<typeof expectedSchema>['cases'][number];

/** Decoding, resizing, cropping and normalising: what a model sees of a picture file. */
export const preprocessPart: ParityPart = {
  name: 'preprocess',
  files: ['preprocess'],
  check: checkPreprocess,
};

async function checkPreprocess(folder: string): Promise<ParityCheck[]> {
  const place = path.join(folder, 'preprocess');
  const expected = await parseFixture(path.join(place, 'expected.json'), expectedSchema);
  const tensors = openFixture(path.join(place, 'expected.safetensors'));
  const given = [...expected.mean, ...expected.std];
  const checks = [
    judge(
      'preprocess/mean-and-std',
      largestDifference([...clipMean, ...clipStd], given),
      normalisedTolerance,
    ),
  ];
  for (const one of expected.cases) {
    const name = `preprocess/${path.parse(one.expected).name}`;
    const found = preprocess(await decodePicture(path.join(place, one.input)), one.resolution);
    checks.push(judge(name, await differenceInBytes(found, place, one), byteTolerance));
    if (one.normalised === undefined) continue;
    const normalised = tensors.floats(one.normalised).data;
    const difference = largestDifference(normaliseByChannel(found), normalised);
    checks.push(judge(`${name}-normalised`, difference, normalisedTolerance));
  }
  return checks;
}

async function differenceInBytes(
  found: Picture,
  place: string,
  { expected }: PreprocessCase,
): Promise<number> {
  const wanted = await decodePicture(path.join(place, expected));
  if (found.width !== wanted.width || found.height !== wanted.height) return Number.POSITIVE_INFINITY;
  return largestDifference(found.data, wanted.data);
}

/** Normalised values in PyTorch's order, [3, height, width]. */
function normaliseByChannel(picture: Picture): Float32Array {
  const pixels = picture.width * picture.height;
  const values = new Float32Array(pixels * 3);
  normaliseInto(picture, values, 0);
  return values.map((_, at) => values[(at % pixels) * 3 + Math.floor(at / pixels)]!);
}
