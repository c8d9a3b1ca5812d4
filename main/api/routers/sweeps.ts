import { implement } from '@orpc/server';
import { sweepsApi } from '#contract/api/sweeps.ts';
import { plainFileName } from '#core/plain-file-name.ts';
import { exportRunFile, fileOfConfig } from '#main/workbench/run-files/export-run-file.ts';
import { showRun } from '#main/workbench/runs/runs.ts';
import type { ReadRunRows } from '#main/workbench/runs/table/run-rows.ts';
import { previewSweep } from '#main/workbench/sweeps/preview-sweep.ts';
import { runSweep } from '#main/workbench/sweeps/run-sweep.ts';
import { createSweepViewer, viewSweep } from '#main/workbench/sweeps/sweep-view.ts';
import {
  createSweep,
  extendSweep,
  removeSweep,
  showSweep,
  showSweeps,
} from '#main/workbench/sweeps/sweeps.ts';
import type { App } from '../app.ts';
import { isOver } from '../jobs/job-list.ts';

const os = implement(sweepsApi);

/** Sweeps: many runs from one file. A sweep that is worked on is one job of the queue. */
export function createSweepsRouter(
  { workspace, jobs, events }: Pick<App, 'workspace' | 'jobs' | 'events'>,
  rows: ReadRunRows,
) {
  /** Sweep -> its latest job. */
  const jobOf = new Map<string, string>();

  const activeJob = (sweepId: string): string | null => {
    const id = jobOf.get(sweepId);
    const job = jobs.list().find((one) => one.id === id);
    return job !== undefined && !isOver(job) ? job.id : null;
  };
  const queue = (sweepId: string, name: string) => {
    const jobId = jobs.startInQueue(
      { kind: 'sweep', title: name, topics: ['runs', 'evaluations', 'sweeps', 'variants', 'datasets'] },
      async (engine, context) => {
        await runSweep({ workspace, engine, context }, sweepId, () =>
          events.changed('runs', 'evaluations', 'sweeps', 'variants'),
        );
        return { kind: 'sweep', id: sweepId };
      },
    );
    jobOf.set(sweepId, jobId);
  };

  return os.router({
    list: os.list.handler(() => showSweeps(workspace).map(createSweepViewer(workspace, rows()))),
    get: os.get.handler(({ input }) => {
      const sweep = showSweep(workspace, input.sweep);
      return { ...viewSweep(workspace, sweep, rows()), jobId: activeJob(sweep.id) };
    }),
    preview: os.preview.handler(({ input }) => previewSweep(workspace, input.file)),
    fileOf: os.fileOf.handler(({ input }) => fileOfConfig(workspace, input.config)),
    create: os.create.handler(({ input }) => {
      const sweep = createSweep(workspace, input.file);
      if (input.start) queue(sweep.id, sweep.name);
      events.changed('sweeps');
      return { sweepId: sweep.id };
    }),
    run: os.run.handler(({ input }) => {
      const sweep = showSweep(workspace, input.sweep);
      if (activeJob(sweep.id) !== null) return { queued: false };
      queue(sweep.id, sweep.name);
      events.changed('sweeps');
      return { queued: true };
    }),
    pause: os.pause.handler(({ input }) => {
      const job = activeJob(showSweep(workspace, input.sweep).id);
      return { stopping: job !== null && jobs.stop(job) };
    }),
    extend: os.extend.handler(({ input }) => {
      const { added } = extendSweep(workspace, input.sweep, input.file);
      events.changed('sweeps');
      return { added };
    }),
    remove: os.remove.handler(({ input }) => {
      const { id } = showSweep(workspace, input.sweep);
      const job = activeJob(id);
      if (job !== null) jobs.stop(job);
      removeSweep(workspace, id);
      events.changed('sweeps');
      return { removed: true };
    }),
    runFile: os.runFile.handler(({ input }) => {
      const run = showRun(workspace, input.run);
      const file = exportRunFile(workspace, run);
      return {
        file,
        fileName: `${plainFileName(run.name, 'run')}.json`,
        text: `${JSON.stringify(file, null, 2)}\n`,
      };
    }),
  });
}
