import { deviceOfRun } from '#contract/devices/index.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Run } from '#contract/run.ts';
import { measureWhenDone } from '#main/workbench/evaluations/measure-when-done.ts';
import { findRun, findWaiting, hasCheckpoint, stopWaiting } from '#main/workbench/runs/keep-runs.ts';
import { executeRun } from '#main/workbench/runs/run-execution.ts';
import type { App } from '../app.ts';

/** Puts a queued run in the queue; it goes on from its latest checkpoint where it has one, and is measured when done. */
export function queueRun({ workspace, jobs, events }: App, run: Run): string {
  return jobs.startOnEngine(
    {
      kind: 'run',
      title: run.name,
      topics: ['runs', 'evaluations'],
      runId: run.id,
      // Another device gives other rounding: a run goes on where it began.
      device: deviceOfRun(run.environment),
      resumable: true,
    },
    async (engine, context) => {
      const current = findWaiting(workspace, run);
      await executeRun(workspace, engine, current, hasCheckpoint(workspace, run.id), context);
      events.changed('runs');
      await measureWhenDone(workspace, async () => engine, run.id, context);
      return { kind: 'run', id: run.id };
    },
  );
}

/** Stops a running run with a checkpoint, or takes a waiting one out of the queue. @returns whether there was something to stop */
export function stopRun({ workspace, jobs, events }: App, nameOrId: string): boolean {
  const run = findRun(workspace, nameOrId);
  const job = jobs.ofRun(run.id);
  if (run.state === 'queued') {
    if (job !== null) jobs.stop(job.id);
    stopWaiting(workspace, run.id);
    events.changed('runs');
    return true;
  }
  if (run.state !== 'running') return false;
  if (job !== null) return jobs.stop(job.id);
  const demo = jobs
    .list()
    .find(({ runId, state }) => runId === run.id && (state === 'running' || state === 'stopping'));
  if (demo !== undefined) return jobs.stop(demo.id);
  throw new WorkbenchError(
    'busy',
    `Run '${run.name}' runs in another program (ccw, or another window's host): stop it there.`,
    { runId: run.id },
  );
}
