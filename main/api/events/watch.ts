import { changedTopics, type Job, type WorkspaceEvent } from '#contract/api/workspace.ts';
import type { ChangedTopic, EventBus } from './event-bus.ts';

/** A window gets news together, about this often. */
const gatherMs = 100;
const heartbeatMs = 5_000;
/** A stream ends by itself: under Electron a closed page may never say that it is gone. */
const streamMs = 120_000;

/** More points than this at once are not sent; the window asks for the series instead. */
const mostPoints = 5_000;

export interface WatchOptions {
  /** Jobs as they are now: sent first, so that a window that comes back is in step. */
  jobs: () => Job[];
  signal: AbortSignal | undefined;
  /** How far an earlier stream of this window came: what happened since is sent first. Left out: it is new. */
  after?: string | null | undefined;
  heartbeatMs?: number;
  streamMs?: number;
}

/** News for one window, with what belongs together sent together. */
export async function* watchEvents(
  events: EventBus,
  options: WatchOptions,
): AsyncGenerator<WorkspaceEvent, void> {
  const { signal } = options;
  const pending = createPending();
  let wake: () => void = () => {};
  const after = options.after ?? null;
  const missed = after === null ? [] : events.since(after);
  for (const event of missed ?? [{ type: 'changed' as const, topics: [...changedTopics] }])
    pending.add(event);
  /** What was sent so far. */
  let at = after ?? events.position();
  const unsubscribe = events.subscribe((event) => {
    pending.add(event);
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  const endsAt = performance.now() + (options.streamMs ?? streamMs);
  const beat = options.heartbeatMs ?? heartbeatMs;
  try {
    yield { type: 'heartbeat', at };
    for (const job of options.jobs()) yield { type: 'job', job };
    while (!signal?.aborted && performance.now() < endsAt) {
      if (pending.isEmpty()) {
        const came = await sleep(Math.min(beat, endsAt - performance.now()), (resolve) => {
          wake = resolve;
        });
        if (!came) {
          yield { type: 'heartbeat', at };
          continue;
        }
      }
      if (signal?.aborted) return;
      const now = events.position();
      yield* pending.take();
      at = now;
      yield { type: 'heartbeat', at };
      await sleep(gatherMs, () => {});
    }
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', onAbort);
  }
}

/** @returns whether it was woken before the time was over */
function sleep(ms: number, onWake: (resolve: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), Math.max(0, ms));
    onWake(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

interface Pending {
  add(event: WorkspaceEvent): void;
  isEmpty(): boolean;
  take(): WorkspaceEvent[];
}

/** The last state of each job, all topics in one, the points of each run together. */
function createPending(): Pending {
  const jobs = new Map<string, WorkspaceEvent>();
  const topics = new Set<ChangedTopic>();
  const problems: WorkspaceEvent[] = [];
  const metrics = new Map<string, Extract<WorkspaceEvent, { type: 'metrics' }>>();
  return {
    add(event) {
      if (event.type === 'problem') problems.push(event);
      if (event.type === 'job') jobs.set(event.job.id, event);
      else if (event.type === 'changed') for (const topic of event.topics) topics.add(topic);
      else if (event.type === 'metrics') {
        const points = [...(metrics.get(event.runId)?.points ?? []), ...event.points];
        if (points.length > mostPoints) {
          metrics.delete(event.runId);
          topics.add('runs');
        } else metrics.set(event.runId, { ...event, points });
      }
    },
    isEmpty: () => jobs.size + topics.size + metrics.size + problems.length === 0,
    take() {
      const events: WorkspaceEvent[] = [...metrics.values(), ...jobs.values(), ...problems];
      if (topics.size > 0) events.push({ type: 'changed', topics: [...topics] });
      jobs.clear();
      problems.length = 0;
      topics.clear();
      metrics.clear();
      return events;
    },
  };
}
