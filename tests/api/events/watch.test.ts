import { expect, it } from 'vitest';
import { changedTopics, type Job, type WorkspaceEvent } from '#contract/api/workspace.ts';
import { createEventBus, type EventBus } from '#main/api/events/event-bus.ts';
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
  expect(seen).toEqual([
    { type: 'heartbeat', at: expect.any(String) },
    { type: 'job', job: job('a', 7) },
  ]);
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

/** A window's stream until it has heard all; gives what came and how far it is. */
async function hear(events: EventBus, after: string | null) {
  const stream = watchEvents(events, {
    jobs: () => [],
    signal: undefined,
    after,
    heartbeatMs: 5,
    streamMs: 300,
  });
  const seen = await take(stream, () => false);
  const at = seen.findLast((event) => event.type === 'heartbeat')?.at ?? null;
  return { news: seen.filter(({ type }) => type !== 'heartbeat'), at };
}

const metric = (step: number): WorkspaceEvent => ({
  type: 'metrics',
  runId: 'r',
  step,
  points: [{ step, name: 'loss', value: 1 }],
});

it('what happens between two streams of a window comes with the second, once', async () => {
  const events = createEventBus();
  events.publish(metric(1));
  const first = await hear(events, null);
  expect(first.news).toEqual([]);
  events.publish(metric(2));
  events.publish({ type: 'problem', message: 'the disk is full' });
  const second = await hear(events, first.at);
  expect(second.news).toEqual([metric(2), { type: 'problem', message: 'the disk is full' }]);
  expect((await hear(events, second.at)).news).toEqual([]);
});

it('what is sent but was not taken before the stream broke is sent again', async () => {
  const events = createEventBus();
  const { at } = await hear(events, null);
  const stream = watchEvents(events, { jobs: () => [], signal: undefined, after: at });
  await stream.next();
  events.publish(metric(1));
  expect((await stream.next()).value).toEqual(metric(1));
  await stream.return();
  expect((await hear(events, at)).news).toEqual([metric(1)]);
});

it('a window that was away too long, or knows another host, asks for everything', async () => {
  const events = createEventBus();
  const { at } = await hear(events, null);
  for (let step = 1; step <= 10_000; step += 1) events.publish(metric(step));
  for (const after of [at, await hear(createEventBus(), null).then((other) => other.at), 'nonsense']) {
    const { news } = await hear(events, after);
    expect(news).toEqual([{ type: 'changed', topics: [...changedTopics] }]);
  }
});
