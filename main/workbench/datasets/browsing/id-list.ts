import { setImmediate } from 'node:timers/promises';
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
    for (const { resolve, reject } of ready) state === 'failed' ? reject(failure) : resolve();
  };
  const grow = async () => {
    try {
      for await (const part of parts) {
        append(part);
        wake();
        await setImmediate();
        if (stopped && waiters.length === 0) {
          throw new WorkbenchError('cancelled', 'The search was given up for later ones: search again.');
        }
      }
      state = 'done';
    } catch (error) {
      state = 'failed';
      failure = error;
    }
    wake();
  };
  void grow();

  const reach = (count: number) =>
    new Promise<void>((resolve, reject) => {
      waiters.push({ count, resolve, reject });
      if (state !== 'growing' || length >= count) wake();
    });
  return {
    ids: () => found.subarray(0, length),
    get done() {
      return state === 'done';
    },
    get failed() {
      return state === 'failed';
    },
    reach,
    async reachWithin(count, milliseconds) {
      let timer: NodeJS.Timeout | null = null;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      });
      await Promise.race([reach(count), late]);
      if (timer !== null) clearTimeout(timer);
    },
    stop() {
      stopped = true;
    },
  };
}
