import type { Job } from '#contract/api/workspace.ts';

/** Whether a job has not ended yet. */
export const isActive = (job: Job): boolean =>
  job.state === 'waiting' || job.state === 'running' || job.state === 'stopping';

/** Jobs that still say something: of a run that was resumed only the newest counts, not the one that failed before. */
export function currentJobs(jobs: readonly Job[]): Job[] {
  const newest = new Map<string, Job>();
  for (const job of jobs) {
    if (job.runId === null || job.kind !== 'run') continue;
    const known = newest.get(job.runId);
    const isNewer =
      known === undefined || isActive(job) || (!isActive(known) && job.startedAt >= known.startedAt);
    if (isNewer) newest.set(job.runId, job);
  }
  return jobs.filter((job) => job.runId === null || job.kind !== 'run' || newest.get(job.runId) === job);
}
