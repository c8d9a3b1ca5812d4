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
import type { Workspace } from '../workspace.ts';
import { reportRun } from './report-data.ts';
import { groupFigure, groupResults, reportHtml } from './report-html.ts';

/** The files of a report: path -> text. */
type Files = Record<string, string>;

/**
 * Writes a report of runs as a folder: `report.html`, which holds all of it and opens offline, and beside it tables (CSV,
 * JSON, LaTeX), figures (SVG), the run files, and `hashes.txt` in the form of sha256sum.
 * @returns paths of its files in the folder
 * @throws WorkbenchError `conflict` where the folder is not empty
 */
export async function writeReport(
  workspace: Workspace,
  { title, runs, folder }: { title: string; runs: readonly Run[]; folder: string },
): Promise<{ folder: string; files: string[] }> {
  const reported = runs.map((run) => reportRun(workspace, run));
  const view = viewComparison(
    workspace,
    runs.map(({ id }) => id),
    createRunViewer(workspace).viewAll,
  );
  const files: Files = { ...tables(view) };
  for (const [index, group] of groupResults(reported).entries()) {
    const figure = groupFigure(group);
    if (figure !== null) files[`figures/ca-asr-${index + 1}.svg`] = figure;
  }
  for (const [index, { run, file }] of reported.entries()) {
    files[`runs/${String(index + 1).padStart(2, '0')}-${plainFileName(run.name, 'run')}.json`] =
      `${JSON.stringify(file, null, 2)}\n`;
  }
  const hashes = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, sha256(text)]));
  const { name, version } = readProgram();
  files['report.html'] = reportHtml({
    title,
    program: `${name} ${version}`,
    madeAt: new Date().toISOString(),
    runs: reported,
    hashes,
  });
  files['hashes.txt'] = Object.entries(files)
    .map(([path, text]) => `${sha256(text)}  ${path}\n`)
    .join('');
  const target = resolve(folder);
  await makeWholeFolder(target, async (partial) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(partial, path)), { recursive: true });
      await writeFile(join(partial, path), text);
    }
  });
  return { folder: target, files: Object.keys(files).sort() };
}

function tables(view: ComparisonView): Files {
  return Object.fromEntries(
    (['csv', 'json', 'latex'] as const).map((format) => {
      const { fileName, text } = exportComparison(view, { baseline: null, changes: {} }, format);
      return [`tables/${fileName}`, text];
    }),
  );
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
