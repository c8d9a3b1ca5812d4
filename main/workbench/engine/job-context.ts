import type { DeviceName } from '#contract/devices/index.ts';
import type { MetricPoint } from '#contract/run.ts';
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
  /** The device that the person named; null takes the processor with TensorFlow, or wasm where that cannot be loaded. */
  device: DeviceName | null;
}

/** What a run is given besides: who wants to know of its start and its checkpoints. */
export interface RunContext extends JobContext {
  /** Called once the engine has the run. */
  started?: (runId: string, enginePid: number) => void;
  /** Called once a checkpoint is recorded: from here on the run can be resumed from `step`. */
  checkpoint?: (runId: string, step: number, epoch: number) => void;
  /** Called with the metrics of one or more steps, before they are in the database. */
  metrics?: (runId: string, step: number, points: MetricPoint[]) => void;
}
