import { join } from 'node:path';
import type { Command } from 'commander';
import { makeReport, reportFileName, writeReport } from '#main/workbench/reports/write-report.ts';
import { withWorkspace } from '../session.ts';

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description(
      'write a report of runs or of a sweep: one HTML page that opens offline, with tables, figures and run files',
    )
    .argument('<run...>', 'names or ids of runs; of a sweep: all its finished runs')
    .requiredOption('--out <folder>', 'a folder that does not exist yet, or an empty one')
    .option('--title <title>', 'its heading (default: made from the runs)')
    .addHelpText('after', '\nExample:\n  ccw report demo-0-poisoned demo-0-cleanclip --out report')
    .action((references: string[], { out, title }: { out: string; title?: string }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const report = makeReport(workspace, references, title);
        const { runs } = report;
        const { folder, files } = await writeReport(report, out);
        const page = join(folder, reportFileName);
        session.print(
          { out: folder, html: page, files, runs: runs.map(({ id }) => id) },
          () => `${page}: a report of ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}.`,
        );
      }),
    );
}
