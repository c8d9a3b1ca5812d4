import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import { WorkbenchError } from '#contract/errors.ts';

/** Ids of records, ascending, that are found little by little while other work goes on. */
export interface IdList {
  /** The ids found so far. */
  ids(): Uint32Array;
  /** Whether these are all. */
  readonly done: boolean;
  /** Whether the search failed or was given up. */
  readonly failed: boolean;
  /** Resolves once `count` are found, or all. Rejects where the search failed. */
  reach(count: number): Promise<void>;
  /** {@link reach} for at most so many milliseconds. */
  reachWithin(count: number, milliseconds: number): Promise<void>;
  /** Gives the search up, unless someone waits for it. */
  stop(): void;
}

interface Waiter {
  count: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** Those who wait for any list: what nobody waits for gives way to them. */
let awaited = 0;

/** Starts to collect ids; the first part is taken at once, the others between other work. */
export function growIdList(parts: Iterable<ArrayLike<number>> | AsyncIterable<ArrayLike<number>>): IdList {
  let found = new Uint32Array(1_024);
  let length = 0;
  let state: 'growing' | 'done' | 'failed' = 'growing';
  let failure: unknown = null;
  let stopped = false;
  let waiters: Waiter[] = [];

  const append = (part: ArrayLike<number>) => {
    if (length + part.length > found.length) {
      const larger = new Uint32Array(Math.max(found.length * 2, length + part.length));
      larger.set(found.subarray(0, length));
      found = larger;
    }
    found.set(part, length);
    length += part.length;
  };
  const wake = () => {
    const ready = waiters.filter(({ count }) => state !== 'growing' || length >= count);
    waiters = waiters.filter((waiter) => !ready.includes(waiter));
    awaited -= ready.length;
    for (const { resolve, reject } of ready) state === 'failed' ? reject(failure) : resolve();
  };
  const grow = async () => {
    try {
      for await (const part of parts) {
        append(part);
        wake();
        await setImmediate();
        while (waiters.length === 0 && awaited > 0 && !stopped) await pause(1);
        if (stopped && waiters.length === 0) {
          throw new WorkbenchError('cancelled', 'The search was given up for later ones: search again.');
        }
      }
      found = found.slice(0, length);
      state = 'done';
    } catch (error) {
      state = 'failed';
      failure = error;
    }
    wake();
  };
  void grow();

  const add = (waiter: Waiter) => {
    waiters.push(waiter);
    awaited += 1;
    if (state !== 'growing' || length >= waiter.count) wake();
  };
  const giveUp = (waiter: Waiter) => {
    if (!waiters.includes(waiter)) return;
    waiters = waiters.filter((other) => other !== waiter);
    awaited -= 1;
    waiter.resolve();
  };
  return {
    ids: () => found.subarray(0, length),
    get done() {
      return state === 'done';
    },
    get failed() {
      return state === 'failed';
    },
    reach: (count) => new Promise((resolve, reject) => add({ count, resolve, reject })),
    async reachWithin(count, milliseconds) {
      let timer: NodeJS.Timeout | null = null;
      await new Promise<void>((resolve, reject) => {
        const waiter = { count, resolve, reject };
        timer = setTimeout(() => giveUp(waiter), milliseconds);
        add(waiter);
      }).finally(() => timer !== null && clearTimeout(timer));
    },
    stop() {
      stopped = true;
    },
  };
}
