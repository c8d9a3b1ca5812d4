import { expect, it } from 'vitest';
import type { Job, WorkspaceEvent } from '#contract/api/workspace.ts';
import { createEventBus } from '#main/api/events/event-bus.ts';
import { watchEvents } from '#main/api/events/watch.ts';

const job = (id: string, done: number): Job => ({
  id,
  kind: 'run',
  title: id,
  state: 'running',
  phase: 'training',
  done,
  total: 1000,
  secondsLeft: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  message: null,
  runId: null,
  measures: [],
  result: null,
  said: [],
  resumable: true,
});

/** Takes news until `enough` says so. */
async function take(
  stream: AsyncGenerator<WorkspaceEvent, void>,
  enough: (event: WorkspaceEvent) => boolean,
): Promise<WorkspaceEvent[]> {
  const seen: WorkspaceEvent[] = [];
  for await (const event of stream) {
    seen.push(event);
    if (enough(event)) break;
  }
  return seen;
}

it('begins with the jobs as they are, so that a window that comes back is in step', async () => {
  const stream = watchEvents(createEventBus(), { jobs: () => [job('a', 7)], signal: undefined });
  const seen = await take(stream, (event) => event.type === 'job');
  expect(seen).toEqual([{ type: 'heartbeat' }, { type: 'job', job: job('a', 7) }]);
});

it('sends what belongs together together: the last state of a job, all topics, the points of a run', async () => {
  const events = createEventBus();
  const stream = watchEvents(events, { jobs: () => [], signal: undefined });
  await stream.next();
  const next = stream.next();
  for (let done = 1; done <= 500; done += 1) {
    events.publish({ type: 'job', job: job('a', done) });
    events.publish({
      type: 'metrics',
      runId: 'r',
      step: done,
      points: [{ step: done, name: 'loss', value: 1 }],
    });
    events.changed(done % 2 === 0 ? 'runs' : 'datasets');
  }
  const seen = [(await next).value, ...(await take(stream, ({ type }) => type === 'changed'))];
  expect(seen.map((event) => event?.type)).toEqual(['metrics', 'job', 'changed']);
  const [metrics, last, changed] = seen;
  expect(metrics?.type === 'metrics' && metrics.points.map(({ step }) => step)).toEqual(
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
  expect(last).toEqual({ type: 'job', job: job('a', 500) });
  expect(changed?.type === 'changed' && new Set(changed.topics)).toEqual(new Set(['runs', 'datasets']));
});

it('asks a window that fell behind to read the series again, and keeps no more points than that', async () => {
  const events = createEventBus();
  const stream = watchEvents(events, { jobs: () => [], signal: undefined });
  await stream.next();
  const points = Array.from({ length: 6000 }, (_, step) => ({ step, name: 'loss', value: 1 }));
  const next = stream.next();
  events.publish({ type: 'metrics', runId: 'r', step: 6000, points });
  expect((await next).value).toEqual({ type: 'changed', topics: ['runs'] });
  await stream.return();
});

it('ends by itself, with heartbeats until then, and leaves nobody listening', async () => {
  const events = createEventBus();
  const listeners: number[] = [];
  const counted = {
    ...events,
    subscribe: (listener: Parameters<typeof events.subscribe>[0]) => {
      listeners.push(1);
      const end = events.subscribe(listener);
      return () => {
        listeners.pop();
        end();
      };
    },
  };
  const stream = watchEvents(counted, { jobs: () => [], signal: undefined, heartbeatMs: 5, streamMs: 50 });
  const seen = await take(stream, () => false);
  expect(seen.length).toBeGreaterThan(1);
  expect(new Set(seen.map(({ type }) => type))).toEqual(new Set(['heartbeat']));
  expect(listeners).toEqual([]);
});

it('ends when its window goes', async () => {
  const gone = new AbortController();
  const stream = watchEvents(createEventBus(), { jobs: () => [], signal: gone.signal });
  await stream.next();
  const next = stream.next();
  gone.abort();
  expect((await next).done).toBe(true);
});
