import { MultiBar, type SingleBar } from 'cli-progress';
import type { ClosableReporter } from './plain-reporter.ts';

/** A bar for each phase, one at a time, on a terminal. */
export function createBarReporter(): ClosableReporter {
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
