import { MultiBar, type SingleBar } from 'cli-progress';
import type { Reporter } from '#main/workbench/engine/job-context.ts';

/** A reporter that takes back what it drew before anything else is printed. */
export interface ClosableReporter extends Reporter {
  close(): void;
}

/** Between two lines about one phase where there is no terminal. */
const plainLineMs = 5_000;

/** Progress for a person, on stderr: bars on a terminal, now and then a line elsewhere. */
export function createReporter(): ClosableReporter {
  return process.stderr.isTTY ? createBarReporter() : createPlainReporter();
}

function createBarReporter(): ClosableReporter {
  let bars: MultiBar | null = null;
  let bar: SingleBar | null = null;
  let shownPhase: string | null = null;
  const close = () => {
    bars?.stop();
    bars = null;
    bar = null;
    shownPhase = null;
  };
  return {
    close,
    progress(phase, done, total) {
      if (phase !== shownPhase) {
        close();
        shownPhase = phase;
        bars = new MultiBar({
          stream: process.stderr,
          hideCursor: true,
          clearOnComplete: true,
          format: total > 0 ? '{phase} [{bar}] {value}/{total}, {eta_formatted} left' : '{phase} {value}',
        });
        bar = bars.create(total, done, { phase });
      }
      bar?.update(done, { phase });
      if (total > 0 && done >= total) close();
    },
    say(text) {
      close();
      process.stderr.write(`${text}\n`);
    },
  };
}

function createPlainReporter(): ClosableReporter {
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
