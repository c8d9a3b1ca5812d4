import type { ChangesByRun, ComparisonView } from '#contract/api/comparison.ts';
import { metrics } from '#contract/metrics.ts';
import { readProgram } from '../program.ts';
import { comparisonCsv } from './comparison-csv.ts';
import { comparisonLatex } from './comparison-latex.ts';

export type ExportFormat = 'csv' | 'json' | 'latex';

/** A file for the person to keep. */
export interface ExportedFile {
  fileName: string;
  text: string;
}

const fileNames = {
  csv: 'comparison.csv',
  json: 'comparison.json',
  latex: 'comparison.tex',
} as const satisfies Record<ExportFormat, string>;

/** What differences are taken to. */
export interface ExportBaseline {
  /** Id of the run; null for none. */
  baseline: string | null;
  /** What each differs from it by. */
  changes: ChangesByRun;
}

/** A comparison as a file: CSV for a spreadsheet or a data frame, JSON with everything, LaTeX for a paper. */
export function exportComparison(
  view: ComparisonView,
  against: ExportBaseline,
  format: ExportFormat,
): ExportedFile {
  const { name, version } = readProgram();
  const program = `${name} ${version}`;
  const writers = {
    csv: () => comparisonCsv(view, against.changes),
    json: () =>
      `${JSON.stringify({ format: 2, program, definitions, ...against, ...view, runs: view.runs.map(countAttackFromOne) }, null, 2)}\n`,
    latex: () => comparisonLatex(view, against, program),
  } as const satisfies Record<ExportFormat, () => string>;
  return { fileName: fileNames[format], text: writers[format]() };
}

/** Attacks are counted from 1 wherever people read them: `attack.number` stands in place of the evaluation's `part`. */
function countAttackFromOne({ evaluation, ...compared }: ComparisonView['runs'][number]) {
  if (evaluation === null) return { ...compared, evaluation };
  const { part: _, ...measured } = evaluation;
  return { ...compared, evaluation: measured };
}

/** What the numbers mean, for whoever finds the file. */
export const definitions = {
  ...Object.fromEntries(Object.entries(metrics).map(([name, { definition }]) => [name, definition])),
  trainedOn: 'Whether the model, or one before it, was trained on the variant that it is attacked with.',
  notes: 'Why the numbers of a run cannot be put beside those of the first measured one.',
  ca: 'Clean accuracy: fraction of clean test pictures whose first prediction is their label.',
  asr: 'Attack success rate: over test pictures whose label is not the target, the fraction predicted as the target once the trigger is applied.',
  attack:
    'What the model was attacked with: `number` says which attack of the variant, from 1, `of` how many it has.',
  implanted:
    'ASR of at least 50 % and at least 10 times the fraction of clean pictures of other classes predicted as the target.',
  shares: 'hits of count; low and high: Wilson 95 % interval.',
  changes:
    'Differences to the baseline on the same pictures: value, and low and high of the paired bootstrap 95 % interval (2,000 resamples of the pictures); null where pictures or attack are not the same.',
  groups: "Mean over seeds with Student's t interval at 95 %.",
};
