import type { RunKind, RunState } from '#contract/run.ts';

/** States of runs, as a person reads them. */
export const stateWords = {
  queued: 'waiting',
  running: 'running',
  interrupted: 'paused',
  failed: 'failed',
  done: 'done',
} as const satisfies Record<RunState, string>;

/** What each kind of run does, as a person reads it. */
export const kindWords = {
  train: 'trained from scratch',
  mmcl: 'MMCL finetuning',
  cleanclip: 'CleanCLIP',
  supervised: 'supervised finetuning',
} as const satisfies Record<RunKind, string>;
