import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ComparisonView } from '#contract/api/comparison.ts';
import type { Run } from '#contract/run.ts';
import { plainFileName } from '#core/plain-file-name.ts';
import { makeWholeFolder } from '#main/data/files/whole-folder.ts';
import { exportComparison } from '../comparisons/comparison-export.ts';
import { viewComparison } from '../comparisons/comparison-view.ts';
import { readProgram } from '../program.ts';
import { createRunViewer } from '../runs/run-views.ts';
import { createRunRows } from '../runs/table/run-rows.ts';
import { createSweepViewer } from '../sweeps/sweep-view.ts';
import type { Workspace } from '../workspace.ts';
import { findReportedRuns, findReportedSweeps, nameOfReported } from './find-runs.ts';
import { reportRun } from './report-data.ts';
import { groupFigure, groupResults, reportHtml } from './report-html.ts';

/** The page of a report, which holds all of it. */
export const reportFileName = 'report.html';

export interface MadeReport {
  title: string;
  runs: Run[];
  /** Path -> text. */
  files: Readonly<Record<string, string>>;
}

/** More names than these are no title. */
const mostTitleNames = 3;

/**
 * A report of runs, or of sweeps with all their runs that are made: `report.html`, which holds all of it and opens
 * offline, and beside it tables (CSV, JSON, LaTeX), figures (SVG), the files of runs and sweeps, and `hashes.txt` in the form of
 * sha256sum.
 * @param title left out: made from the names
 * @throws WorkbenchError `not-found`; `conflict` for a sweep of which no run is made yet
 */
export function makeReport(
  workspace: Workspace,
  references: readonly string[],
  title: string | null = null,
): MadeReport {
  const runs = findReportedRuns(workspace, references);
  const heading = title ?? titleOf(workspace, references, runs);
  const reported = runs.map((run) => reportRun(workspace, run));
  const view = viewComparison(
    workspace,
    runs.map(({ id }) => id),
    createRunViewer(workspace).viewAll,
  );
  const files: Record<string, string> = { ...tables(view) };
  const groups = groupResults(reported);
  for (const [index, group] of groups.entries()) {
    const figure = groupFigure(group);
    if (figure !== null) files[`figures/ca-asr-${index + 1}.svg`] = figure;
  }
  for (const [index, { run, file }] of reported.entries()) {
    files[`runs/${String(index + 1).padStart(2, '0')}-${plainFileName(run.name, 'run')}.json`] =
      `${JSON.stringify(file, null, 2)}\n`;
  }
  const sweeps = findReportedSweeps(workspace, references);
  const viewOne = createSweepViewer(workspace, sweeps.length === 0 ? [] : createRunRows(workspace)());
  for (const [index, { name, file }] of sweeps.entries()) {
    files[`sweeps/${String(index + 1).padStart(2, '0')}-${plainFileName(name, 'sweep')}.json`] =
      `${JSON.stringify(file, null, 2)}\n`;
  }
  const hashes = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha256(text)]));
  const { name, version } = readProgram();
  files[reportFileName] = reportHtml({
    title: heading,
    program: `${name} ${version}`,
    madeAt: new Date().toISOString(),
    sweeps: sweeps.map(viewOne),
    runs: reported,
    seedGroups: view.groups,
    groups,
    hashes,
  });
  files['hashes.txt'] = Object.entries(files)
    .map(([path, text]) => `${sha256(text)}  ${path}\n`)
    .join('');
  return { title: heading, runs, files };
}

function titleOf(workspace: Workspace, references: readonly string[], runs: readonly Run[]): string {
  const names = references.map((reference) => nameOfReported(workspace, reference));
  if (names.length > mostTitleNames) return `${names[0]} and others: ${runs.length} runs`;
  return runs.length > names.length ? `${names.join(', ')}: ${runs.length} runs` : names.join(', ');
}

/**
 * Writes a report as a folder, whole or not at all.
 * @returns the folder's absolute path, and paths in it
 * @throws WorkbenchError `conflict` where the folder is not empty
 */
export async function writeReport(
  { files }: Pick<MadeReport, 'files'>,
  folder: string,
): Promise<{ folder: string; files: string[] }> {
  const target = resolve(folder);
  await makeWholeFolder(target, async (partial) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(partial, path)), { recursive: true });
      await writeFile(join(partial, path), text);
    }
  });
  return { folder: target, files: Object.keys(files).sort() };
}

function tables(view: ComparisonView): Record<string, string> {
  return Object.fromEntries(
    (['csv', 'json', 'latex'] as const).map((format) => {
      const { fileName, text } = exportComparison(view, { baseline: null, changes: {} }, format);
      return [`tables/${fileName}`, text];
    }),
  );
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
