import { implement } from '@orpc/server';
import { runsApi } from '#contract/api/runs.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { inBackground } from '#main/workbench/background.ts';
import { refreshRunStates } from '#main/workbench/engine/queue.ts';
import { deleteRun, purgeDeletedRuns, undoDeletion, undoSeconds } from '#main/workbench/runs/deleted-runs.ts';
import { estimateRun } from '#main/workbench/runs/estimates.ts';
import * as keep from '#main/workbench/runs/keep-runs.ts';
import { listMethods } from '#main/workbench/runs/run-methods.ts';
import type { RunViewer } from '#main/workbench/runs/run-views.ts';
import type { ReadRunRows } from '#main/workbench/runs/table/run-rows.ts';
import { viewRunTable } from '#main/workbench/runs/table/run-table-view.ts';
import { changeTags } from '#main/workbench/runs/table/run-tags.ts';
import type { App } from '../app.ts';
import { queueRun, stopRun } from '../jobs/run-jobs.ts';
import { forWindow } from '../window-words.ts';

const os = implement(runsApi);

/** Runs: planning, the queue, what came out, and keeping them tidy. */
export function createRunsRouter(app: App, viewer: RunViewer, rows: ReadRunRows) {
  const { workspace, events } = app;
  const find = (reference: string) => keep.findRun(workspace, reference);
  const readRows = () => {
    refreshRunStates(workspace);
    return rows();
  };
  return os.router({
    list: os.list.handler(({ input }) => viewer.list(input.archived, input.limit)),
    page: os.page.handler(({ input }) => viewer.page(input)),
    table: os.table.handler(({ input }) => viewRunTable(readRows(), input)),
    tag: os.tag.handler(({ input }) => {
      const runs = input.runs.map(find);
      changeTags(workspace, runs, input);
      events.changed('runs');
      return { tagged: runs.length };
    }),
    get: os.get.handler(({ input }) => viewer.get(input.run)),
    methods: os.methods.handler(() => listMethods()),
    estimate: os.estimate.handler(async ({ input }) => {
      const estimate = await estimateRun(workspace, input);
      return { ...estimate, problem: estimate.problem === null ? null : forWindow(estimate.problem) };
    }),
    create: os.create.handler(({ input: { name = null, config, evaluateEachEpoch, measureAtEnd } }) => {
      const measuring = { eachEpoch: evaluateEachEpoch, atEnd: measureAtEnd };
      const run = keep.createRun(workspace, { name, config }, measuring);
      queueRun(app, run);
      return { runId: run.id };
    }),
    stop: os.stop.handler(({ input }) => ({ stopped: stopRun(app, input.run) })),
    resume: os.resume.handler(({ input }) => {
      if (app.jobs.ofRun(find(input.run).id) !== null) return { queued: false };
      queueRun(app, keep.waitAgain(workspace, input.run));
      return { queued: true };
    }),
    move: os.move.handler(({ input }) => {
      const run = find(input.run);
      const place = app.queue.move(run.id, input.place);
      if (place !== null) return { place };
      throw new WorkbenchError('conflict', `Run '${run.name}' does not wait in this program's queue.`, {
        runId: run.id,
      });
    }),
    rename: os.rename.handler(({ input }) => {
      keep.renameRun(workspace, input.run, input.name);
      events.changed('runs');
      return { name: input.name };
    }),
    note: os.note.handler(({ input }) => {
      keep.noteRun(workspace, input.run, input.note);
      events.changed('runs');
      return { note: input.note };
    }),
    archive: os.archive.handler(({ input }) => {
      keep.archiveRun(workspace, input.run, input.archived);
      events.changed('runs');
      return { archived: input.archived };
    }),
    delete: os.delete.handler(({ input }) => {
      const run = find(input.run);
      if (run.state === 'queued') stopRun(app, run.id);
      const undoToken = deleteRun(workspace, run.id);
      const purge = () =>
        inBackground('Removing a deleted run', () => purgeDeletedRuns(workspace), app.problem);
      const timer = setTimeout(purge, (undoSeconds + 1) * 1000);
      app.onClose(() => clearTimeout(timer));
      timer.unref();
      events.changed('runs');
      return { undoToken };
    }),
    undoDelete: os.undoDelete.handler(({ input }) => {
      const runId = undoDeletion(workspace, input.undoToken);
      events.changed('runs');
      return { runId };
    }),
    metrics: os.metrics.handler(({ input }) =>
      keep.readCurves(workspace, input.run, input.names ?? null, input.points),
    ),
    log: os.log.handler(({ input }) => keep.readRunLog(workspace, input.run, input.lines)),
  });
}
