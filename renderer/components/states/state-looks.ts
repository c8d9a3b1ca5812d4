import type { Job } from '#contract/api/workspace.ts';
import type { RunState } from '#contract/run.ts';

/** What a person reads of a run or a job, and its colour: one state looks the same everywhere. */
export const stateLooks = {
  planned: '',
  waiting: '',
  running: 'border-accent! bg-accent-soft! text-accent',
  stopping: 'border-accent! bg-accent-soft! text-accent',
  paused: 'bg-warn-soft! text-warn-ink',
  stopped: 'bg-warn-soft! text-warn-ink',
  failed: 'bg-danger-soft! text-danger-ink',
  done: '',
} as const;
export type StateWord = keyof typeof stateLooks;
export const isStateWord = (word: unknown): word is StateWord =>
  typeof word === 'string' && Object.hasOwn(stateLooks, word);

export const stateOfRun = {
  queued: 'waiting',
  running: 'running',
  interrupted: 'paused',
  failed: 'failed',
  done: 'done',
} as const satisfies Record<RunState, StateWord>;

/** A job that can be resumed is paused, where another one was stopped for good. */
export const stateOfJob = ({ state, resumable }: Pick<Job, 'state' | 'resumable'>): StateWord =>
  state === 'stopped' && resumable ? 'paused' : state;
