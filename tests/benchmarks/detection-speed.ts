/**
 * How long detectors take on random pairs: makes a table of docs/detection.md.
 *
 *   npm run bench:detectors -- [--pairs 100000] [--dim 512] [--detectors NAME,...] [--among batches,pictures,pairs]
 *
 * `batches`: as published; `pictures` and `pairs`: among all at once, exactly, with pictures alone or captions too as
 * neighbours. Features are there already: embedding 100,000 pictures takes its own time.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import {
  type DetectionSettings,
  detectorNameSchema,
  detectors,
  publishedDetection,
} from '#contract/detection.ts';
import { createRandom } from '#core/random/random.ts';
import { useBackend } from '#main/engine/backend.ts';
import type { PairFeatures } from '#main/engine/detectors/features.ts';
import { scorePairs } from '#main/engine/detectors/registry.ts';
import { writeSection } from './page-sections.ts';

const ways = {
  batches: { title: 'in batches, as published', settings: {} },
  pictures: { title: 'all, pictures', settings: { among: 'all', references: 'pictures' } },
  pairs: { title: 'all, pictures and captions', settings: { among: 'all', references: 'pairs' } },
} as const satisfies Record<string, { title: string; settings: Partial<DetectionSettings> }>;
type Way = keyof typeof ways;
const isWay = (name: string): name is Way => name in ways;

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '100000' },
    dim: { type: 'string', default: '512' },
    detectors: { type: 'string', default: detectorNameSchema.options.join(',') },
    among: { type: 'string', default: Object.keys(ways).join(',') },
  },
});
const [count, dim] = [Number(values.pairs), Number(values.dim)];
const chosen = values.among.split(',').filter(isWay);

await useBackend('tensorflow');
const features = drawFeatures();
// The first product sets TensorFlow's kernels up.
await scorePairs(takeFirst(1000), { ...publishedDetection('k-distance'), among: 'all' }, () => {});
const load = (loadavg()[0] ?? 0).toFixed(1);
const rows: string[] = [];
for (const name of values.detectors.split(',').map((one) => detectorNameSchema.parse(one))) {
  const cells: string[] = [];
  for (const way of chosen) cells.push(await measure({ ...publishedDetection(name), ...ways[way].settings }));
  rows.push(`| ${[detectors[name].label, ...cells].join(' | ')} |`);
  console.log(rows.at(-1));
}
const text = [
  `${count.toLocaleString('en-GB')} pairs of ${dim} random numbers, k as published; seconds by the clock and, in brackets, of processor time. ${cpus()[0]?.model ?? 'Unknown processor'} (${availableParallelism()} cores, load average at the start ${load}), ${new Date().toISOString().slice(0, 10)}.`,
  '',
  `| detector | ${chosen.map((way) => ways[way].title).join(' | ')} |`,
  `| --- |${' --: |'.repeat(chosen.length)}`,
  ...rows,
].join('\n');
writeSection('speed', text, 'detection.md');

async function measure(settings: DetectionSettings): Promise<string> {
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await scorePairs(features, settings, () => {});
  const { user, system } = process.cpuUsage(before);
  return `${((performance.now() - begun) / 1e3).toFixed(1)} (${((user + system) / 1e6).toFixed(0)})`;
}

function drawFeatures(): PairFeatures {
  const random = createRandom('detection-speed');
  const draw = () => Float32Array.from({ length: count * dim }, () => random.normal());
  return { images: draw(), texts: draw(), count, dim };
}

function takeFirst(some: number): PairFeatures {
  const take = (rows: Float32Array) => rows.subarray(0, some * dim);
  return { images: take(features.images), texts: take(features.texts), count: some, dim };
}
