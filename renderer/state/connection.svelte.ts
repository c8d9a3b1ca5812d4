import type { WorkbenchError } from '#contract/errors.ts';

export type ConnectionState = 'connecting' | 'open' | 'lost';

let state = $state<ConnectionState>('connecting');
let problem = $state.raw<WorkbenchError | null>(null);

/** Whether the host answers; shown in the status line. */
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
  },
};
