import { SvelteMap } from 'svelte/reactivity';
import type { Job } from '#contract/api/workspace.ts';
import { isActive } from './current-jobs.ts';

export { currentJobs, isActive } from './current-jobs.ts';

const jobs = new SvelteMap<string, Job>();

/** Done part of a job in [0, 1]; null where it is not known. */
export const jobShare = (job: Job): number | null =>
  job.total > 0 ? Math.min(1, job.done / job.total) : null;

/** Every job that the host tells of, kept in step by live events (api/live.ts). */
export const jobStore = {
  get all(): Job[] {
    return [...jobs.values()];
  },
  get active(): Job[] {
    return [...jobs.values()].filter(isActive);
  },
  get(id: string): Job | undefined {
    return jobs.get(id);
  },
  /** The active job of a run, where there is one. */
  ofRun(runId: string): Job | undefined {
    return [...jobs.values()].find((job) => job.runId === runId && isActive(job));
  },
  put(job: Job): void {
    jobs.set(job.id, job);
  },
  remove(id: string): void {
    jobs.delete(id);
  },
  replaceAll(list: readonly Job[]): void {
    const ids = new Set(list.map((job) => job.id));
    for (const id of jobs.keys()) if (!ids.has(id)) jobs.delete(id);
    for (const job of list) jobs.set(job.id, job);
  },
};
