import type { MetricPoint, Run } from '#contract/run.ts';
import { insertCheckpoint } from '#db/runs/checkpoints.ts';
import { insertMetrics } from '#db/runs/metrics.ts';
import { addLogLine } from '#db/runs/run-log.ts';
import { setRunStep } from '#db/runs/runs.ts';
import type { JobHandlers } from '../engine/engine-client.ts';
import type { RunContext } from '../engine/job-context.ts';
import { toStoredPath, type Workspace } from '../workspace.ts';

/** Metrics are written together at least this often, so that others see a run's progress. */
const flushMs = 1_000;

/** Writes what a running job reports to the database and tells the person. */
export interface RunRecorder {
  handlers: JobHandlers;
  /** Writes what is still held back. */
  flush(): void;
}

/** A recorder for one start or resume of `run`. */
export function createRunRecorder(workspace: Workspace, run: Run, context: RunContext): RunRecorder {
  const { reporter } = context;
  const { db } = workspace;
  let held: MetricPoint[] = [];
  let step = run.step;
  let flushedAt = performance.now();
  const say = (text: string) => {
    addLogLine(db, run.id, text);
    reporter.say(text);
  };
  const flush = () => {
    insertMetrics(db, run.id, held);
    setRunStep(db, run.id, step);
    held = [];
    flushedAt = performance.now();
  };
  return {
    flush,
    handlers: {
      progress: (phase, done, total) => reporter.progress(phase, done, total),
      log: say,
      metrics(metricStep, points) {
        held.push(...points);
        step = Math.max(step, metricStep);
        context.metrics?.(run.id, metricStep, points);
        sayEpoch(say, run, points);
        if (performance.now() - flushedAt >= flushMs) flush();
      },
      checkpoint(message) {
        step = Math.max(step, message.step);
        flush();
        insertCheckpoint(db, run.id, {
          step: message.step,
          epoch: message.epoch,
          path: toStoredPath(workspace, message.folder),
          weightsSha256: message.weightsSha256,
        });
        context.checkpoint?.(run.id, message.step, message.epoch);
      },
    },
  };
}

function sayEpoch(say: (text: string) => void, run: Run, points: readonly MetricPoint[]): void {
  const loss = points.find(({ name }) => name === 'epoch_loss');
  const seconds = points.find(({ name }) => name === 'epoch_seconds');
  if (loss === undefined) return;
  const took = seconds === undefined ? '' : `, ${seconds.value.toFixed(1)} s`;
  const epoch = Math.round((loss.step * run.config.epochs) / run.totalSteps);
  say(`${run.name}: epoch ${epoch} of ${run.config.epochs}, loss ${loss.value.toFixed(4)}${took}`);
}
