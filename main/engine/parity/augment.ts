import path from 'node:path';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import { listMagnitudes } from '#core/augment/magnitudes.ts';
import { applyOperation, operationNames } from '#core/augment/operations.ts';
import { imagenetPolicy } from '#core/augment/policy.ts';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { differenceWithin, judge, largestDifference } from './compare.ts';
import { parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

/** Of 255, on this share of the values. */
const tolerance = 1;
const share = 0.99;
/** Relative: the figures are float32. */
const magnitudeTolerance = 1e-6;

const operationName = z.enum(operationNames);
const expectedSchema = z.object({
  input: z.string(),
  cases: z.array(z.object({ op: operationName, magnitude: z.number(), expected: z.string() })).min(1),
  imagenet_policy: z
    .array(z.array(z.tuple([operationName, z.number(), z.number().nullable()])).length(2))
    .min(1),
  magnitudes: z.record(operationName, z.tuple([z.union([z.array(z.number()), z.number()]), z.boolean()])),
});

/** AutoAugment's operations, its ImageNet policy and its magnitudes. */
export const augmentPart: ParityPart = { name: 'augment', files: ['augment'], check: checkAugment };

async function checkAugment(folder: string): Promise<ParityCheck[]> {
  const place = path.join(folder, 'augment');
  const expected = await parseFixture(path.join(place, 'expected.json'), expectedSchema);
  const input = await decodePicture(path.join(place, expected.input));
  const checks: ParityCheck[] = [];
  for (const one of expected.cases) {
    const found = applyOperation(input, one.op, one.magnitude);
    const wanted = await decodePicture(path.join(place, one.expected));
    const error = differenceWithin(found.data, wanted.data, share);
    checks.push(judge(`augment/${path.parse(one.expected).name}`, error, tolerance));
  }
  const policySize = Math.max(imagenetPolicy.length, expected.imagenet_policy.length);
  const otherSteps = Array.from({ length: policySize }, (_, at) => at).filter(
    (at) => JSON.stringify(imagenetPolicy[at]) !== JSON.stringify(expected.imagenet_policy[at]),
  );
  checks.push(judge('augment/imagenet_policy', otherSteps.length, 0));
  checks.push(judge('augment/magnitudes', compareMagnitudes(expected.magnitudes), magnitudeTolerance));
  return checks;
}

/** The figures are for pictures of this side. */
const figureSide = 224;

function compareMagnitudes(expected: z.infer<typeof expectedSchema>['magnitudes']): number {
  const table = listMagnitudes(figureSide, figureSide);
  const errors = operationNames.map((name) => {
    const { values, signed } = table[name];
    const [wanted, wantedSigned] = expected[name];
    if (signed !== wantedSigned) return Number.POSITIVE_INFINITY;
    const found = values ?? [0];
    const numbers = Array.isArray(wanted) ? wanted : [wanted];
    const scale = Math.max(1, ...numbers.map(Math.abs));
    return largestDifference(found, numbers) / scale;
  });
  return Math.max(...errors);
}
