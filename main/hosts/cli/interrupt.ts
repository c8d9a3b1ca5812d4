import type { Interrupt } from '#main/workbench/engine/engine-client.ts';

/**
 * Ctrl-C, SIGTERM and SIGHUP (a closed terminal) as the workbench understands them: the first asks for a stop that leaves something to resume,
 * the second ends the engine at once.
 * @returns the signals and a function that gives Ctrl-C back its usual meaning
 */
export function catchInterrupts(say: (text: string) => void): { interrupt: Interrupt; release: () => void } {
  const gentle = new AbortController();
  const hard = new AbortController();
  const receive = () => {
    if (gentle.signal.aborted) {
      hard.abort();
      return;
    }
    say('Stopping after this step; Ctrl-C again stops at once.');
    gentle.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, receive);
  return {
    interrupt: { gentle: gentle.signal, hard: hard.signal },
    release: () => {
      for (const signal of signals) process.off(signal, receive);
    },
  };
}
