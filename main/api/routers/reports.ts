import { implement } from '@orpc/server';
import { reportsApi } from '#contract/api/reports.ts';
import { plainFileName } from '#core/plain-file-name.ts';
import { makeReport, reportFileName, writeReport } from '#main/workbench/reports/write-report.ts';
import type { App } from '../app.ts';

const os = implement(reportsApi);

/** Reports of runs and sweeps. */
export function createReportsRouter({ workspace }: Pick<App, 'workspace'>) {
  return os.router({
    page: os.page.handler(({ input: { runs, title } }) => {
      const report = makeReport(workspace, runs, title);
      return {
        fileName: `${plainFileName(report.title, 'report')}.html`,
        text: report.files[reportFileName] ?? '',
      };
    }),
    write: os.write.handler(({ input: { runs, title, folder } }) =>
      writeReport(makeReport(workspace, runs, title), folder),
    ),
  });
}
