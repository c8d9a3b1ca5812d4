import { loopOf } from '#contract/methods/method-registry.ts';
import type { MetricPoint, NewCheckpoint, Run } from '#contract/run.ts';
import { isBusy, whenWritable, withoutWaiting } from '#db/busy.ts';
import { insertCheckpoint } from '#db/runs/checkpoints.ts';
import { insertMetrics } from '#db/runs/metrics.ts';
import { addLogLine } from '#db/runs/run-log.ts';
import { setRunStep } from '#db/runs/runs.ts';
import { inTransaction } from '#db/statements.ts';
import type { JobHandlers } from '../engine/engine-client.ts';
import type { RunContext } from '../engine/job-context.ts';
import { toStoredPath, type Workspace } from '../workspace.ts';
import { pruneCheckpoints } from './run-checkpoints.ts';

/** Metrics are written together at least this often, so that others see a run's progress. */
const flushMs = 1_000;

/** Writes what a running job reports to the database and tells the person. */
export interface RunRecorder {
  handlers: JobHandlers;
  /**
   * Writes what is still held back, and waits while another program holds the database.
   * @throws WorkbenchError `busy` where that takes too long
   */
  finish(): Promise<void>;
}

/**
 * A recorder for one start or resume of `run`. Where another program holds the database, what is reported is kept in
 * memory and written later: the run goes on. Only what is recorded makes older checkpoints lose what they hold for a
 * resume.
 */
export function createRunRecorder(workspace: Workspace, run: Run, context: RunContext): RunRecorder {
  const { reporter } = context;
  const { db } = workspace;
  let metrics: MetricPoint[] = [];
  let checkpoints: NewCheckpoint[] = [];
  let lines: string[] = [];
  let step = run.step;
  let flushedAt = performance.now();
  let saidBusy = false;
  let pruned = Promise.resolve();

  const write = () => {
    inTransaction(db, () => {
      insertMetrics(db, run.id, metrics);
      setRunStep(db, run.id, step);
      for (const checkpoint of checkpoints) insertCheckpoint(db, run.id, checkpoint);
      for (const line of lines) addLogLine(db, run.id, line);
    });
  };
  const wrote = () => {
    const recorded = checkpoints;
    metrics = [];
    checkpoints = [];
    lines = [];
    flushedAt = performance.now();
    for (const checkpoint of recorded) context.checkpoint?.(run.id, checkpoint.step, checkpoint.epoch);
    if (recorded.length > 0) pruned = pruned.then(prune);
  };
  const prune = () =>
    pruneCheckpoints(workspace, run.id).catch((error: unknown) => {
      reporter.say(`Older checkpoints of '${run.name}' could not be made smaller: ${String(error)}`);
    });
  const flush = () => {
    try {
      withoutWaiting(db, write);
    } catch (error) {
      if (!isBusy(error)) throw error;
      flushedAt = performance.now();
      if (!saidBusy) {
        reporter.say('Another program holds the database: the run goes on, and is recorded later.');
      }
      saidBusy = true;
      return;
    }
    wrote();
  };
  const say = (text: string) => {
    lines.push(text);
    reporter.say(text);
  };
  return {
    async finish() {
      await whenWritable(db, write);
      wrote();
      await pruned;
    },
    handlers: {
      progress: (phase, done, total) => reporter.progress(phase, done, total),
      log: say,
      metrics(metricStep, points) {
        metrics.push(...points);
        step = Math.max(step, metricStep);
        context.metrics?.(run.id, metricStep, points);
        sayEpoch(say, run, points);
        if (performance.now() - flushedAt >= flushMs) flush();
      },
      checkpoint({ step: made, epoch, folder, weightsSha256 }) {
        step = Math.max(step, made);
        checkpoints.push({ step: made, epoch, path: toStoredPath(workspace, folder), weightsSha256 });
        flush();
      },
    },
  };
}

function sayEpoch(say: (text: string) => void, run: Run, points: readonly MetricPoint[]): void {
  const loss = points.find(({ name }) => name === 'epoch_loss');
  const seconds = points.find(({ name }) => name === 'epoch_seconds');
  if (loss === undefined) return;
  const took = seconds === undefined ? '' : `, ${seconds.value.toFixed(1)} s`;
  const { epochs } = loopOf(run.config.settings);
  const epoch = Math.round((loss.step * epochs) / run.totalSteps);
  say(`${run.name}: epoch ${epoch} of ${epochs}, loss ${loss.value.toFixed(4)}${took}`);
}
