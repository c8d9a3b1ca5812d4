import type { FromEngine } from '#contract/engine.ts';

type WithoutJobId<Message> = Message extends { jobId: string } ? Omit<Message, 'jobId'> : never;

/** What a job may say while it runs. */
export type JobEvent = WithoutJobId<
  Extract<FromEngine, { type: 'progress' | 'metrics' | 'checkpoint' | 'log' }>
>;

export interface JobContext {
  emit(event: JobEvent): void;
  /** True once the person asked to stop: a job looks between its steps. */
  stopRequested(): boolean;
}

/** Thrown by a job that stopped because it was asked to. */
export class JobStopped extends Error {
  /** The step at which it can go on; 0 where the job has no steps. */
  readonly step: number;

  constructor(step: number) {
    super(`stopped at step ${step}`);
    this.name = 'JobStopped';
    this.step = step;
  }
}
