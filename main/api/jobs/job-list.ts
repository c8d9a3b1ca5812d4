import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Job } from '#contract/api/workspace.ts';
import { toWireError, WorkbenchError } from '#contract/errors.ts';
import type { MetricPoint } from '#contract/run.ts';
import { explainError } from '#main/data/explain-error.ts';
import type { Engine } from '#main/workbench/engine/engine-client.ts';
import type { JobContext, RunContext } from '#main/workbench/engine/job-context.ts';
import type { LiveQueue, QueueTask } from '#main/workbench/engine/live-queue.ts';
import { leavesInterrupted } from '#main/workbench/runs/run-execution.ts';
import type { ChangedTopic, EventBus } from '../events/event-bus.ts';
import { forWindow } from '../window-words.ts';
import { createProgressClock } from './progress-clock.ts';

/** A job before it starts. */
export interface JobPlan {
  kind: Job['kind'];
  title: string;
  /** What changes when it ends, however it ends. */
  topics: readonly ChangedTopic[];
  /** The run that it executes. */
  runId?: string;
  /** The runs whose models it measures. */
  measures?: readonly string[];
  /** The device it must have; null takes the one that the settings name. */
  device?: RunContext['device'];
  resumable?: boolean;
  /** Its progress counts the whole job, not the phase that it is in. */
  countsWhole?: boolean;
}

/** What a job made, for a link; null where there is nothing to show. */
export type JobResult = Job['result'];

/** How long a host that ends waits for its jobs to stop by themselves before it kills the engine. */
const stopMs = 20_000;

/** Jobs that ended and were not dismissed: the oldest go. */
const keptEnded = 100;

/** Lines that a job keeps of what it said; all of a run's are in its log. */
const keptLines = 5;

/**
 * All work in the background, with progress and a stop. A job that ends well is `done`; one that was stopped is
 * `stopped`; what is thrown otherwise makes it `failed` with the error's message.
 */
export interface JobList {
  /** Starts work that needs no engine at once. @returns the job's id */
  start(plan: JobPlan, work: (context: JobContext) => Promise<JobResult>): string;
  /** Puts work that needs the engine at the end of the queue; it gets the running engine. @returns the job's id */
  startOnEngine(plan: JobPlan, work: (engine: Engine, context: RunContext) => Promise<JobResult>): string;
  /** As startOnEngine for work that begins without the engine: `engine()` starts it. */
  startInQueue(
    plan: JobPlan,
    work: (engine: () => Promise<Engine>, context: RunContext) => Promise<JobResult>,
  ): string;
  /** Newest last. */
  list(): Job[];
  find(jobId: string): Job;
  /** The job that waits for or executes this run, or null. */
  ofRun(runId: string): Job | null;
  /** Asks a job to stop; asked again, it ends the engine under it. @returns whether there was something to stop */
  stop(jobId: string): boolean;
  /** Forgets a job that ended. @returns whether it did */
  dismiss(jobId: string): boolean;
  /** Stops everything and waits for it. */
  stopAll(): Promise<void>;
}

interface Entry {
  job: Job;
  gentle: AbortController;
  hard: AbortController;
  task: QueueTask | null;
  ended: Promise<void>;
}

export function createJobList({ queue, events }: { queue: LiveQueue; events: EventBus }): JobList {
  const entries = new Map<string, Entry>();

  const update = (entry: Entry, change: Partial<Job>) => {
    entry.job = { ...entry.job, ...change };
    events.publish({ type: 'job', job: entry.job });
  };

  const addEntry = (plan: JobPlan): Entry => {
    const entry: Entry = {
      job: {
        id: randomUUID(),
        kind: plan.kind,
        title: plan.title,
        state: 'waiting',
        phase: 'waiting',
        done: 0,
        total: 0,
        secondsLeft: null,
        startedAt: new Date().toISOString(),
        said: [],
        message: null,
        runId: plan.runId ?? null,
        measures: [...(plan.measures ?? [])],
        result: null,
        resumable: plan.resumable ?? false,
      },
      gentle: new AbortController(),
      hard: new AbortController(),
      task: null,
      ended: Promise.resolve(),
    };
    entries.set(entry.job.id, entry);
    forgetOldest(entries);
    return entry;
  };

  const contextOf = (entry: Entry, plan: JobPlan): RunContext => {
    const clock = createProgressClock();
    return {
      device: null,
      interrupt: { gentle: entry.gentle.signal, hard: entry.hard.signal },
      reporter: {
        progress: (phase, done, total) =>
          update(entry, {
            phase,
            done,
            total,
            secondsLeft: clock.secondsLeft(plan.countsWhole ? '' : phase, done, total),
          }),
        say: (text) => update(entry, { said: [...entry.job.said, text.trim()].slice(-keptLines) }),
      },
      started: (runId) => {
        update(entry, { runId });
        events.changed('runs');
      },
      checkpoint: () => events.changed('runs'),
      metrics: (runId: string, step: number, points: MetricPoint[]) =>
        events.publish({
          type: 'metrics',
          runId,
          step,
          points: points.filter(({ value }) => Number.isFinite(value)),
        }),
    };
  };

  /** Runs the work of an entry and records how it ended. Never throws. */
  const settle = async (entry: Entry, plan: JobPlan, work: () => Promise<JobResult>): Promise<void> => {
    try {
      if (entry.gentle.signal.aborted) throw new WorkbenchError('cancelled', 'Stopped before it began.');
      update(entry, { state: 'running', phase: 'starting', startedAt: new Date().toISOString() });
      const result = await work();
      update(entry, { state: 'done', phase: 'done', result, secondsLeft: null });
    } catch (thrown) {
      const error = explainError(thrown);
      const { kind, message } = toWireError(error);
      const asked = kind === 'cancelled' || (entry.hard.signal.aborted && kind === 'engine-ended');
      // A job has the state of its run.
      const stopped = asked || (plan.resumable === true && leavesInterrupted(kind));
      if (kind === 'internal') process.stderr.write(`${error instanceof Error ? error.stack : message}\n`);
      update(entry, {
        state: stopped ? 'stopped' : 'failed',
        phase: stopped ? 'stopped' : 'failed',
        message: asked ? null : forWindow(message),
        secondsLeft: null,
      });
    }
    events.changed(...plan.topics);
  };

  const startInQueue: JobList['startInQueue'] = (plan, work) => {
    const entry = addEntry(plan);
    entry.ended = new Promise((resolve) => {
      entry.task = {
        id: entry.job.id,
        runId: plan.runId ?? null,
        device: plan.device ?? null,
        waiting: (why) => update(entry, { phase: why }),
        work: (engine) => settle(entry, plan, () => work(engine, contextOf(entry, plan))),
        ended: resolve,
      };
    });
    events.publish({ type: 'job', job: entry.job });
    if (entry.task !== null) queue.add(entry.task);
    return entry.job.id;
  };

  const findEntry = (jobId: string): Entry => {
    const entry = entries.get(jobId);
    if (entry !== undefined) return entry;
    throw new WorkbenchError(
      'not-found',
      'This job is no longer known: the program may have been started anew.',
      {
        jobId,
      },
    );
  };

  const stop = (entry: Entry): boolean => {
    if (isOver(entry.job)) return false;
    if (entry.gentle.signal.aborted) {
      entry.hard.abort();
      return true;
    }
    entry.gentle.abort();
    if (entry.job.state === 'waiting' && entry.task !== null && queue.remove(entry.task)) {
      update(entry, { state: 'stopped', phase: 'stopped' });
      return true;
    }
    update(entry, { state: 'stopping', phase: 'stopping' });
    return true;
  };

  return {
    start(plan, work) {
      const entry = addEntry(plan);
      entry.ended = settle(entry, plan, () => work(contextOf(entry, plan)));
      return entry.job.id;
    },
    startInQueue,
    startOnEngine: (plan, work) =>
      startInQueue(plan, async (engine, context) => work(await engine(), context)),
    list: () => [...entries.values()].map(({ job }) => job),
    find: (jobId) => findEntry(jobId).job,
    ofRun: (runId) =>
      [...entries.values()].find(({ job }) => job.kind === 'run' && job.runId === runId && !isOver(job))
        ?.job ?? null,
    stop: (jobId) => stop(findEntry(jobId)),
    dismiss(jobId) {
      if (!isOver(findEntry(jobId).job)) return false;
      entries.delete(jobId);
      return true;
    },
    async stopAll() {
      queue.halt();
      const open = [...entries.values()].filter(({ job }) => !isOver(job));
      for (const entry of open) {
        if (!entry.gentle.signal.aborted) stop(entry);
      }
      const all = Promise.all(open.map(({ ended }) => ended));
      const late = new AbortController();
      await Promise.race([all, wait(stopMs, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
      for (const entry of open) if (!isOver(entry.job)) entry.hard.abort();
      await all;
    },
  };
}

/** Whether a job has ended, well or not. */
export function isOver({ state }: Pick<Job, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'stopped';
}

function forgetOldest(entries: Map<string, Entry>): void {
  const over = [...entries.values()].filter(({ job }) => isOver(job));
  for (const { job } of over.slice(0, Math.max(0, over.length - keptEnded))) entries.delete(job.id);
}
