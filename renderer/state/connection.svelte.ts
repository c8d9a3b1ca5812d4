import type { WorkbenchError } from '#contract/errors.ts';

export type ConnectionState = 'connecting' | 'open' | 'lost';

let state = $state<ConnectionState>('connecting');
let problem = $state.raw<WorkbenchError | null>(null);
const waiting = new Set<() => void>();

/** Whether the host answers. While it does not, what is on the screen stays, and calls wait. */
export const connection = {
  get state() {
    return state;
  },
  get problem() {
    return problem;
  },
  set(next: ConnectionState, why: WorkbenchError | null): void {
    state = next;
    problem = why;
    if (next !== 'open') return;
    for (const go of waiting) go();
    waiting.clear();
  },
  /** Resolves once the host answers again, or the caller gives up. */
  whenOpen(signal: AbortSignal): Promise<void> {
    if (state !== 'lost' || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      waiting.add(resolve);
      signal.addEventListener('abort', () => {
        waiting.delete(resolve);
        resolve();
      });
    });
  },
};
