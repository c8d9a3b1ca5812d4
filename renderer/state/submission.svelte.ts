import type { WorkbenchError } from '#contract/errors.ts';
import { toProblem } from '../api/problem.ts';

/** What a form asks of the host: whether it is being asked, and what went wrong the last time. */
export function createSubmission() {
  let busy = $state(false);
  let problem = $state.raw<WorkbenchError | null>(null);
  return {
    get busy(): boolean {
      return busy;
    },
    get problem(): WorkbenchError | null {
      return problem;
    },
    /** Forgets what went wrong: something else is asked for now. */
    clear(): void {
      problem = null;
    },
    /** Never throws: what went wrong is the problem then. */
    async run(ask: () => Promise<void>): Promise<void> {
      busy = true;
      problem = null;
      try {
        await ask();
      } catch (thrown) {
        problem = toProblem(thrown);
      }
      busy = false;
    },
  };
}
