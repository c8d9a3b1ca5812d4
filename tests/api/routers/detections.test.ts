import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishedDetection } from '#contract/detection.ts';
import { scanDefaults } from '#contract/scan.ts';
import { makeMeasuredWorkspace } from '../measured-workspace.ts';

let made: Awaited<ReturnType<typeof makeMeasuredWorkspace>>;
beforeAll(async () => {
  made = await makeMeasuredWorkspace();
});
afterAll(() => made.remove());

const settings = { ...publishedDetection('k-distance'), neighbours: 3 };
const start = (name: string, kind: 'variant' | 'dataset') =>
  made.detections.start({ model: 'poisoned-0', data: { kind, name }, settings });

test('a detection is ranked, counted against the manifest, tagged and left out', async () => {
  const result = await made.jobs.finish(await start('poison-0', 'variant'));
  expect(result).toMatchObject({ kind: 'detection' });
  const detection = result?.id ?? '';
  const view = await made.detections.get({ detection });
  expect(view).toMatchObject({
    model: { name: 'poisoned-0' },
    variant: { name: 'poison-0' },
    pairs: 26,
    poisoned: 4,
  });
  expect((await made.detections.list()).map(({ id }) => id)).toEqual([detection]);

  const { rows } = await made.detections.page({ detection, offset: 0, limit: 500 });
  expect(rows.map(({ place }) => place)).toEqual(Array.from({ length: 26 }, (_, at) => at + 1));
  const scores = rows.map(({ score }) => score);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  const poisoned = rows.filter((row) => row.poisoned);
  expect(poisoned).toHaveLength(4);
  // AUROC by hand: over all pairs of a poisoned and a clean one, how often the poisoned one is more suspicious.
  const clean = rows.filter((row) => row.poisoned === false);
  const wins = poisoned.flatMap((bad) =>
    clean.map((good) => (bad.score > good.score ? 1 : bad.score === good.score ? 0.5 : 0)),
  );
  expect(view.auroc).toBeCloseTo(wins.reduce<number>((sum, one) => sum + one, 0) / wins.length, 12);
  for (const { picture, caption } of poisoned) {
    expect(picture).toMatch(/^\/media\/v\//);
    expect(caption).toContain('red');
  }
  const { edges, ...counts } = await made.detections.histogram({ detection });
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);
  expect([sum(counts.clean), sum(counts.poisoned ?? [])]).toEqual([22, 4]);
  expect(edges).toHaveLength(counts.clean.length + 1);

  const { tag } = await made.detections.tag({ detection, count: 3 });
  expect(tag).toBe('k-distance 3: poisoned-0');
  const cleaned = await made.detections.clean({ detection, drop: 5, name: 'cleaned' });
  expect(cleaned.removed).toBe(5);
  expect(cleaned.poisonLeft).toBe(4 - rows.slice(0, 5).filter((row) => row.poisoned).length);
  expect(made.changed).toEqual(['datasets', 'datasets', 'variants']);
});

test('without a manifest nothing is said of poison, and a linear head is refused', async () => {
  const result = await made.jobs.finish(await start('colours', 'dataset'));
  const detection = result?.id ?? '';
  expect(await made.detections.get({ detection })).toMatchObject({
    auroc: null,
    poisoned: null,
    recallAt: {},
  });
  const { rows } = await made.detections.page({ detection, offset: 25, limit: 10 });
  expect(rows.map(({ place, poisoned }) => [place, poisoned])).toEqual([[26, null]]);
  expect((await made.detections.histogram({ detection })).poisoned).toBeNull();
  const data = { kind: 'dataset', name: 'colours' } as const;
  await expect(made.detections.start({ model: 'head', data, settings })).rejects.toMatchObject({
    kind: 'bad-input',
  });
});

test('a scan is kept with its verdict, and has files only where it found a trigger', async () => {
  const scanSettings = { ...scanDefaults, pictures: 16, batchSize: 8, steps: 20 };
  const request = { model: 'poisoned-0', dataset: null, settings: scanSettings };
  const result = await made.jobs.finish(await made.scans.start(request));
  expect(result).toMatchObject({ kind: 'scan' });
  const scan = await made.scans.get({ scan: result?.id ?? '' });
  expect(scan).toMatchObject({ model: { name: 'poisoned-0' }, dataset: { name: 'colours' } });
  const found = scan.result.share !== null;
  for (const file of [scan.mask, scan.trigger, scan.feature]) expect(file !== null).toBe(found);
  expect(await made.scans.list()).toEqual([scan]);
});
