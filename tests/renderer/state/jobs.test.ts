import { expect, test } from 'vitest';
import type { Job } from '#contract/api/workspace.ts';
import { currentJobs } from '../../../renderer/state/current-jobs.ts';

const job = (id: string, change: Partial<Job>): Job => ({
  id,
  kind: 'run',
  title: id,
  state: 'done',
  phase: '',
  done: 0,
  total: 0,
  secondsLeft: null,
  startedAt: '2026-01-01T10:00:00Z',
  said: [],
  message: null,
  runId: null,
  measures: [],
  result: null,
  resumable: false,
  ...change,
});

test('of a run that was resumed only its newest job counts', () => {
  const failed = job('failed', { runId: 'a', state: 'failed', startedAt: '2026-01-01T10:00:00Z' });
  const resumed = job('resumed', { runId: 'a', state: 'running', startedAt: '2026-01-01T11:00:00Z' });
  const other = job('other', { runId: 'b', state: 'failed' });
  const measured = job('measured', { runId: 'a', kind: 'evaluation', state: 'failed' });
  const data = job('data', { kind: 'import', state: 'failed' });
  expect(currentJobs([failed, resumed, other, measured, data])).toEqual([resumed, other, measured, data]);
  // Whatever their order, and when the newer one has ended too.
  const done = { ...resumed, state: 'done' as const };
  expect(currentJobs([done, failed])).toEqual([done]);
});
