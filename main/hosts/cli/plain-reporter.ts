import type { Reporter } from '#main/workbench/engine/job-context.ts';

/** A reporter that takes back what it drew before anything else is printed. */
export interface ClosableReporter extends Reporter {
  close(): void;
}

/** Between two lines about one phase where there is no terminal. */
const plainLineMs = 5_000;

/** Now and then a line, where there is no terminal. */
export function createPlainReporter(): ClosableReporter {
  let shownPhase: string | null = null;
  let shownAt = 0;
  return {
    close: () => {},
    progress(phase, done, total) {
      const complete = total > 0 && done >= total;
      const now = performance.now();
      if (phase !== shownPhase) shownAt = now;
      shownPhase = phase;
      if (!complete && now - shownAt < plainLineMs) return;
      shownAt = now;
      if (complete) shownPhase = null;
      process.stderr.write(`${phase} ${done}${total > 0 ? ` of ${total}` : ''}\n`);
    },
    say: (text) => void process.stderr.write(`${text}\n`),
  };
}
