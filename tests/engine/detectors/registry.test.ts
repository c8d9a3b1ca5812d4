import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DetectionSettings, detectorNames, publishedDetection } from '#contract/detection.ts';
import { createRandom } from '#core/random/random.ts';
import { auroc } from '#core/statistics/ranking.ts';
import { useBackend } from '#main/engine/backend.ts';
import type { PairFeatures } from '#main/engine/detectors/features.ts';
import { scorePairs } from '#main/engine/detectors/registry.ts';
import { openFixture } from '#main/engine/parity/fixture.ts';
import { referenceFolder } from '../../parity/figures.ts';

beforeAll(() => useBackend('tensorflow'));

function readFigures(): PairFeatures {
  const tensors = openFixture(path.join(referenceFolder, 'detection.safetensors'));
  const images = tensors.floats('images');
  const [count = 0, dim = 0] = images.shape;
  return { images: images.data, texts: tensors.floats('texts').data, count, dim };
}

const score = (
  features: PairFeatures,
  settings: Partial<DetectionSettings> & { detector: (typeof detectorNames)[number] },
) => scorePairs(features, { ...publishedDetection(settings.detector), ...settings }, () => {});

test('one batch that holds all pairs scores them as all at once', async () => {
  const features = readFigures();
  for (const detector of ['k-distance', 'slof', 'lid', 'dao'] as const) {
    const all = await score(features, { detector, among: 'all', density: 'own' });
    const batch = await score(features, { detector, among: 'batches', batchSize: 400, density: 'own' });
    for (const [row, value] of batch.entries()) expect(value).toBeCloseTo(all[row]!, 4);
  }
});

test('batches are of nearly equal size: none is so small that its pairs have no neighbours', async () => {
  const features = readFigures();
  for (const detector of detectorNames) {
    const scores = await score(features, { detector, batchSize: 50 });
    expect(scores.every(Number.isFinite)).toBe(true);
  }
});

test('the isolation forest is as good as scikit-learn: AUROC within 0.02 over ten seeds', async () => {
  const features = readFigures();
  const { poisoned }: { poisoned: number[] } = JSON.parse(
    readFileSync(path.join(referenceFolder, 'detection.json'), 'utf8'),
  );
  const areas: number[] = [];
  for (let seed = 0; seed < 10; seed++) {
    const scores = await score(features, { detector: 'isolation-forest', among: 'all', seed });
    areas.push(1 - auroc(scores, (row) => poisoned.includes(row))!);
  }
  // scikit-learn 1.7's IsolationForest(n_estimators=100), random_state 0 to 9: 0.029 on these figures.
  const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length;
  expect(Math.abs(mean - 0.0291)).toBeLessThan(0.02);
});

describe('pairs that stand apart', () => {
  /** A cloud, and one picture ten times as far out as any of it. */
  function withOutlier(): PairFeatures {
    const random = createRandom('outlier');
    const [count, dim] = [120, 8];
    const draw = () => Float32Array.from({ length: count * dim }, () => random.normal());
    const images = draw();
    images.fill(30, 0, dim);
    return { images, texts: draw(), count, dim };
  }

  test.each(['k-distance', 'slof', 'dao', 'isolation-forest'] as const)(
    'is the most suspicious to %s',
    async (detector) => {
      const { suspicious } = publishedDetection(detector);
      const scores = [...(await score(withOutlier(), { detector, among: 'all' }))];
      const worst = suspicious === 'high' ? Math.max(...scores) : Math.min(...scores);
      expect(scores.indexOf(worst)).toBe(0);
    },
  );
});
