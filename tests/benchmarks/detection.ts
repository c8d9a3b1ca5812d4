/**
 * How well poison and backdoors are found on the demo: makes the tables of docs/detection.md.
 *
 *   npm run bench:detection -- [--workspace FOLDER] [--seeds 0] [--scans 0,1,2,3,4] [--at-most N]
 *
 * Detectors as their authors set them on the demo's model of 400, 50 and 10 poisons; scans by their defaults on a
 * poisoned and a clean model of each seed. One workspace serves bench:defences too; what it holds is not made again.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type DetectionSettings, detectorNames, publishedDetection } from '#contract/detection.ts';
import { type ScanResult, scanDefaults } from '#contract/scan.ts';
import { detect } from '#main/workbench/detections/detections.ts';
import { scan } from '#main/workbench/scans/scans.ts';
import { context, fromScratch, openDemoBench, settlePoisoned } from './demo-bench.ts';
import { type DetectionRow, formatDetections, formatScans, type ScanRow } from './detection-table.ts';
import { writeSection } from './page-sections.ts';

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: 'dist/bench-demo' },
    seeds: { type: 'string', default: '0' },
    scans: { type: 'string', default: '0,1,2,3,4' },
    'at-most': { type: 'string', default: '1000' },
  },
});
const numbers = (text: string) => (text === '' ? [] : text.split(',').map(Number));
const bench = await openDemoBench(values.workspace, Number(values['at-most']));
const { workspace, dataset } = bench;
const resultsFile = join(values.workspace, 'found.json');
/** What was found, by what it was looked for in. */
const found: Record<string, unknown> = existsSync(resultsFile)
  ? JSON.parse(readFileSync(resultsFile, 'utf8'))
  : {};

const detections: DetectionRow[] = [];
for (const seed of numbers(values.seeds)) {
  for (const count of [400, 50, 10]) {
    const variant = await bench.poison(seed, count);
    const poisoned = await settlePoisoned(bench, variant, seed);
    if (poisoned === null) continue;
    const { run, evaluation } = poisoned;
    for (const settings of settingsToTry()) {
      const measured = await once(`${run.name} ${JSON.stringify(settings)}`, async () => {
        const data = { kind: 'variant' as const, name: variant.name };
        const { auroc, recallAt } = await detect(workspace, { model: run.name, data, settings }, context);
        return { auroc, recallAt };
      });
      if (measured !== null)
        detections.push({ seed, count, asr: evaluation.result.asr, settings, ...measured });
    }
  }
}
const scans: ScanRow[] = [];
for (const seed of numbers(values.scans)) {
  const variant = await bench.poison(seed, 400);
  const poisoned = await settlePoisoned(bench, variant, seed);
  const config = fromScratch('dataset', dataset.id, 'mmcl', seed);
  const clean = await bench.settle(`demo-${seed}-clean`, variant, config);
  for (const [isPoisoned, model] of [
    [true, poisoned],
    [false, clean],
  ] as const) {
    if (model === null) continue;
    const result = await once(`scan ${model.run.name}`, async (): Promise<ScanResult> => {
      const request = { model: model.run.name, dataset: null, settings: { ...scanDefaults, seed } };
      return (await scan(workspace, request, context)).result;
    });
    if (result !== null) scans.push({ seed, isPoisoned, asr: model.evaluation.result.asr, result });
  }
}
writeSection('detectors', formatDetections(detections), 'detection.md');
writeSection('scans', formatScans(scans), 'detection.md');
bench.close();

/** Each detector as published; those that look up densities also with each neighbour's own. */
function settingsToTry(): DetectionSettings[] {
  return detectorNames.flatMap((name) => {
    const published = publishedDetection(name);
    return name === 'slof' || name === 'dao' ? [published, { ...published, density: 'own' }] : [published];
  });
}

/** What was found before, or is now; null where no more may be made. */
async function once<T>(key: string, work: () => Promise<T>): Promise<T | null> {
  if (!(key in found)) {
    if (!bench.mayMake(key)) return null;
    found[key] = await work();
    writeFileSync(resultsFile, JSON.stringify(found));
  }
  return found[key] as T;
}
