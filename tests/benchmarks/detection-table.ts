import { type Detection, type DetectionSettings, detectors } from '#contract/detection.ts';
import type { Share } from '#contract/evaluation.ts';
import type { ScanResult } from '#contract/scan.ts';
import { target } from './demo-bench.ts';

export interface DetectionRow extends Pick<Detection, 'auroc' | 'recallAt'> {
  seed: number;
  /** Poisoned pairs. */
  count: number;
  /** Of the model that looks. */
  asr: Share | null;
  settings: DetectionSettings;
}

export interface ScanRow {
  seed: number;
  isPoisoned: boolean;
  asr: Share | null;
  result: ScanResult;
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const percent = (value: number | undefined) => (value === undefined ? '-' : (100 * value).toFixed(1));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A row for each detector, with its AUROC and its recall among 1 % of the pairs at each count of poison. */
export function formatDetections(rows: readonly DetectionRow[]): string {
  const counts = [...new Set(rows.map(({ count }) => count))];
  const names = [...new Set(rows.map(({ settings }) => nameOf(settings)))];
  const cells = (own: readonly DetectionRow[]): string[] => {
    const areas = own.flatMap(({ auroc }) => auroc ?? []);
    const recalls = own.flatMap(({ recallAt }) => recallAt['0.01'] ?? []);
    return [
      areas.length === 0 ? '-' : mean(areas).toFixed(3),
      recalls.length === 0 ? '-' : percent(mean(recalls)),
    ];
  };
  const head = counts.flatMap((count) => [`AUROC, ${count} poisons`, 'recall in 1 %, %']);
  const asr = counts.map((count) => {
    const own = rows.filter((row) => row.count === count);
    return `${count} poisons: ASR ${percent(mean(own.flatMap(({ asr }) => asr?.value ?? [])))} %`;
  });
  const seeds = [...new Set(rows.map(({ seed }) => seed))];
  return [
    `${seeds.length === 1 ? 'Seed' : 'Mean of seeds'} ${seeds.join(', ')}. ${asr.join('; ')}.`,
    '',
    line(['detector', ...head]),
    line(['---', ...head.map(() => '--:')]),
    ...names.map((name) =>
      line([
        name,
        ...counts.flatMap((count) =>
          cells(rows.filter((row) => row.count === count && nameOf(row.settings) === name)),
        ),
      ]),
    ),
  ].join('\n');
}

function nameOf({ detector, density }: DetectionSettings): string {
  const { label } = detectors[detector];
  return density === 'own' ? `${label}, own densities` : label;
}

export function formatScans(rows: readonly ScanRow[]): string {
  if (rows.length === 0) return 'No scan was run.';
  const right = rows.filter(({ isPoisoned, result }) => isPoisoned === (result.verdict === 'backdoor'));
  const poisoned = rows.filter(({ isPoisoned }) => isPoisoned);
  const found = right.filter(({ isPoisoned }) => isPoisoned).length;
  const alarms = rows.length - poisoned.length - (right.length - found);
  return [
    `Found ${found} of ${poisoned.length} backdoors; ${alarms} false alarms on ${rows.length - poisoned.length} clean models.`,
    '',
    line(['seed', 'model', 'ASR, %', 'share, %', 'verdict', 'nearest classes']),
    line(['--:', '---', '--:', '--:', '---', '---']),
    ...rows.map(({ seed, isPoisoned, asr, result }) =>
      line([
        String(seed),
        isPoisoned ? 'poisoned' : 'clean',
        percent(asr?.value),
        result.share === null ? 'none found' : percent(result.share),
        result.verdict,
        result.nearest
          .slice(0, 3)
          .map(({ class: name }) => (name === target ? `**${name}**` : name))
          .join(', '),
      ]),
    ),
  ].join('\n');
}
