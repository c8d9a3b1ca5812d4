import type { Measured } from './demo-bench.ts';

export interface SeedRow {
  seed: number;
  poisoned: Measured;
  cleanclip: Measured;
  control: Measured;
}

type Part = Exclude<keyof SeedRow, 'seed'>;
const parts: readonly Part[] = ['poisoned', 'cleanclip', 'control'];

/** The table of docs/demo.md, CA / ASR in %, and what is asked of the seeds together. */
export function formatSeeds(rows: readonly SeedRow[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const ca = (row: SeedRow, part: Part) => 100 * row[part].evaluation.result.ca.value;
  const asr = (row: SeedRow, part: Part) => 100 * (row[part].evaluation.result.asr?.value ?? Number.NaN);
  const mean = (of: (row: SeedRow) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const cell = (ca: number, asr: number) => `${ca.toFixed(1)} / ${asr.toFixed(1)}`;
  const lost = mean((row) => ca(row, 'poisoned')) - mean((row) => ca(row, 'cleanclip'));
  const repaired = rows.map((row) => asr(row, 'cleanclip'));
  const controls = rows.map((row) => asr(row, 'control'));
  return [
    line(['seed', 'poisoned', 'after CleanCLIP', 'control']),
    line(['--:', '--:', '--:', '--:']),
    ...rows.map((row) =>
      line([String(row.seed), ...parts.map((part) => cell(ca(row, part), asr(row, part)))]),
    ),
    line([
      'mean',
      ...parts.map((part) =>
        cell(
          mean((row) => ca(row, part)),
          mean((row) => asr(row, part)),
        ),
      ),
    ]),
    '',
    `Over ${rows.length} seed${rows.length === 1 ? '' : 's'} CleanCLIP costs ${lost.toFixed(1)} points of CA on the mean (goal: 2 at most); its ASR is ${mean((row) => asr(row, 'cleanclip')).toFixed(1)} % on the mean (goal: 10 at most) and ${Math.max(...repaired).toFixed(1)} % on its worst seed (goal: 20 at most). The control's lowest ASR is ${Math.min(...controls).toFixed(1)} % (goal: 60 at least).`,
  ].join('\n');
}
