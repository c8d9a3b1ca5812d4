import path from 'node:path';
import { z } from 'zod';
import { type DetectorName, publishedDetection } from '#contract/detection.ts';
import type { ParityCheck } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { auroc } from '#core/statistics/ranking.ts';
import type { PairFeatures } from '../detectors/features.ts';
import { scorePairs } from '../detectors/registry.ts';
import { judge } from './compare.ts';
import { openFixture, parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

const scoreTolerance = 1e-4;
const aurocTolerance = 1e-6;

const expectedSchema = z.object({
  poisoned: z.array(z.number().int().min(0)).min(1),
  auroc: z.record(z.string(), z.number()).refine((scores) => Object.keys(scores).length > 0),
  higher_is_poisoned: z.record(z.string(), z.boolean()),
});

/** The figures' names for detectors; a number after one is its k, then what its neighbours are. */
const figureNames: Record<string, DetectorName> = {
  kdist: 'k-distance',
  slof: 'slof',
  dao: 'dao',
  lid: 'lid',
  clipscore: 'clipscore',
};
const figureForm = /^(?<name>[a-z]+)(?<k>\d*)(?<only>_pictures_only)?$/;

/** Detectors of poisoned pairs on one batch: scores and AUROC. */
export const detectionPart: ParityPart = {
  name: 'detection',
  files: ['detection.json', 'detection.safetensors'],
  check: checkDetection,
};

async function checkDetection(folder: string): Promise<ParityCheck[]> {
  const file = path.join(folder, 'detection.json');
  const expected = await parseFixture(file, expectedSchema);
  const tensors = openFixture(path.join(folder, 'detection.safetensors'));
  const images = tensors.floats('images');
  const [count = 0, dim = 0] = images.shape;
  const features: PairFeatures = {
    images: images.data,
    texts: tensors.floats('texts').data,
    count,
    dim,
  };
  const poisoned = new Set(expected.poisoned);
  const checks: ParityCheck[] = [];
  for (const [name, wanted] of Object.entries(expected.auroc)) {
    const { k, only, detector } = readName(file, name);
    const published = publishedDetection(detector);
    const settings = {
      ...published,
      among: 'all' as const,
      neighbours: k ?? published.neighbours,
      references: only ? ('pictures' as const) : ('pairs' as const),
    };
    const scores = await scorePairs(features, settings, () => {});
    const area = auroc(scores, (row) => poisoned.has(row)) ?? Number.NaN;
    const found = expected.higher_is_poisoned[name] === false ? 1 - area : area;
    checks.push(
      judge(
        `detection/${name}`,
        largestRelative(scores, tensors.floats(`score.${name}`).data),
        scoreTolerance,
      ),
      judge(`detection/${name}-auroc`, Math.abs(found - wanted), aurocTolerance),
    );
  }
  return checks;
}

function readName(file: string, name: string) {
  const groups = figureForm.exec(name)?.groups;
  const detector = figureNames[groups?.name ?? ''];
  if (groups === undefined || detector === undefined) {
    const message = `${file} has scores "${name}", which this version does not know. Use the folder of reference figures as it was made.`;
    throw new WorkbenchError('corrupt-file', message, { file, scores: name });
  }
  return { k: groups.k ? Number(groups.k) : null, only: groups.only !== undefined, detector };
}

/** The largest difference of a score, as a part of that score or, near 0, of the mean size of all. */
function largestRelative(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const sizes = Array.from(wanted, Math.abs);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return Math.max(...sizes.map((size, at) => Math.abs(found[at]! - wanted[at]!) / Math.max(size, mean)));
}
