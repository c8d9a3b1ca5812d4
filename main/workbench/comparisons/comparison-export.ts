import type { ChangesByRun, ComparisonView } from '#contract/api/comparison.ts';
import { readProgram } from '../program.ts';
import { comparisonCsv } from './comparison-csv.ts';
import { definitions } from './comparison-definitions.ts';
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
