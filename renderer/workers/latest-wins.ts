/** Hands work on one piece at a time; of what is asked meanwhile only the newest is kept. */
export interface LatestWins<I> {
  ask(input: I): void;
  /** Forgets what waits; what is under way is not shown any more. */
  end(): void;
}

/**
 * For redrawing while a slider moves: stale requests are dropped, the newest is always done in the end.
 * @param show gets each result, in the order asked
 * @param fail gets what `run` threw
 */
export function createLatestWins<I, O>(
  run: (input: I) => Promise<O>,
  show: (output: O, input: I) => void,
  fail: (thrown: unknown, input: I) => void,
): LatestWins<I> {
  let waiting: { input: I } | null = null;
  let running = false;
  let ended = false;

  async function work(first: I): Promise<void> {
    running = true;
    let next: { input: I } | null = { input: first };
    while (next !== null && !ended) {
      const { input }: { input: I } = next;
      try {
        const output = await run(input);
        if (!ended) show(output, input);
      } catch (thrown) {
        if (!ended) fail(thrown, input);
      }
      next = waiting;
      waiting = null;
    }
    running = false;
  }

  return {
    ask(input) {
      if (ended) return;
      if (running) waiting = { input };
      else void work(input);
    },
    end() {
      ended = true;
      waiting = null;
    },
  };
}
