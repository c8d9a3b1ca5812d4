import type { BackendName } from '#contract/run.ts';
import type { Interrupt } from './engine-client.ts';

/** How a use case tells the person what it is doing; the host decides how that looks. */
export interface Reporter {
  /** `done` of `total` units of a phase; `total` 0 where it is not known. A phase's name is a few words. */
  progress(phase: string, done: number, total: number): void;
  /** A line worth keeping: a warning, a step reached. */
  say(text: string): void;
}

/** What every use case that takes a while is given by its host. */
export interface JobContext {
  reporter: Reporter;
  interrupt: Interrupt;
  /** The backend that the person named; null takes TensorFlow, or wasm where TensorFlow cannot be loaded. */
  backend: BackendName | null;
}
