/** A phase must have run this long before its speed says anything. */
const leastMs = 2_000;

/** Guesses how long a phase still takes from how fast it went so far. */
export interface ProgressClock {
  /** Seconds left of the phase; null where that cannot be said (yet). */
  secondsLeft(phase: string, done: number, total: number): number | null;
}

/** @param now milliseconds of a clock that only goes forward */
export function createProgressClock(now: () => number = () => performance.now()): ProgressClock {
  let current: { phase: string; atMs: number; done: number } | null = null;
  return {
    secondsLeft(phase, done, total) {
      if (current === null || current.phase !== phase || done < current.done) {
        current = { phase, atMs: now(), done };
      }
      const passedMs = now() - current.atMs;
      const gained = done - current.done;
      if (total <= 0 || gained <= 0 || passedMs < leastMs) return null;
      return Math.max(0, (((total - done) / gained) * passedMs) / 1000);
    },
  };
}
