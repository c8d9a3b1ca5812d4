import type { WorkspaceEvent } from '#contract/api/workspace.ts';
import { connection } from '../state/connection.svelte.ts';
import { jobStore } from '../state/jobs.svelte.ts';
import { toasts } from '../state/toasts.svelte.ts';
import { client } from './client.ts';
import { isAbort, toProblem } from './problem.ts';
import { invalidateTopics, queryClient } from './queries.ts';

export type MetricsEvent = Extract<WorkspaceEvent, { type: 'metrics' }>;
type JobEvent = Extract<WorkspaceEvent, { type: 'job' }>;

const metricListeners = new Map<string, Set<(event: MetricsEvent) => void>>();
const jobListeners = new Set<(event: JobEvent, previousState: string | null) => void>();

/** Hears the metrics of one run as they come; returns what ends it: `$effect(() => onMetrics(id, draw))`. */
export function onMetrics(runId: string, listener: (event: MetricsEvent) => void): () => void {
  const listeners = metricListeners.get(runId) ?? new Set();
  metricListeners.set(runId, listeners);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) metricListeners.delete(runId);
  };
}

/** Hears every change of a job, with the state it was in before (null: it is new). */
export function onJob(listener: (event: JobEvent, previousState: string | null) => void): () => void {
  jobListeners.add(listener);
  return () => jobListeners.delete(listener);
}

/** How far this window has heard: the next stream goes on from there. */
let position: string | null = null;

function receive(event: WorkspaceEvent): void {
  if (event.type === 'job') {
    const before = jobStore.get(event.job.id)?.state ?? null;
    jobStore.put(event.job);
    for (const listener of jobListeners) listener(event, before);
  } else if (event.type === 'heartbeat') {
    position = event.at;
  } else if (event.type === 'problem') {
    toasts.error(event.message);
  } else if (event.type === 'changed') {
    invalidateTopics(event.topics);
  } else if (event.type === 'metrics') {
    for (const listener of metricListeners.get(event.runId) ?? []) listener(event);
  }
}

/** Longest silence before the stream is taken for dead: hosts send a heartbeat every few seconds. */
const silenceMs = 20_000;

/** One stream until it ends, fails or falls silent. */
async function listenOnce(stopped: AbortSignal, onOpen: () => void): Promise<void> {
  const ended = new AbortController();
  const end = () => ended.abort();
  stopped.addEventListener('abort', end);
  let silence = setTimeout(end, silenceMs);
  try {
    const events = await client.workspace.watch({ after: position }, { signal: ended.signal });
    jobStore.replaceAll(await client.workspace.jobs(undefined, { signal: ended.signal }));
    onOpen();
    for await (const event of events) {
      clearTimeout(silence);
      silence = setTimeout(end, silenceMs);
      if (connection.state === 'lost') connection.set('open', null);
      receive(event);
    }
  } finally {
    clearTimeout(silence);
    stopped.removeEventListener('abort', end);
    end();
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Keeps the window in step with the workspace: jobs, topics, metrics. Goes on through streams that end by themselves
 * and through a host that is started again; asks for everything anew after a break, since events were missed.
 */
export function startLive(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  void (async () => {
    let failures = 0;
    while (!signal.aborted) {
      const missedEvents = failures > 0;
      try {
        await listenOnce(signal, () => {
          failures = 0;
          connection.set('open', null);
          if (missedEvents) void queryClient.invalidateQueries();
        });
      } catch (thrown) {
        if (signal.aborted) return;
        failures += 1;
        if (failures > 1 || !isAbort(thrown)) connection.set('lost', toProblem(thrown));
      }
      await pause(Math.min(250 * 2 ** failures, 4000), signal);
    }
  })();
  return () => stop.abort();
}
