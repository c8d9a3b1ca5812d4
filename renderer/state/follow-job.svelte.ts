import { untrack } from 'svelte';
import { navigate } from '../routing/router.svelte.ts';
import { jobStore } from './jobs.svelte.ts';

/**
 * The job that a form started: the form shows its progress, and what it made is opened when it is done. Call it while a
 * component is made.
 * @param hrefOf the address of what the job made
 */
export function createFollowedJob(hrefOf: (id: string) => string) {
  let jobId = $state<string | null>(null);
  const job = $derived(jobId === null ? undefined : jobStore.get(jobId));
  const made = $derived(job?.state === 'done' ? job.result?.id : undefined);
  $effect(() => {
    // What the router reads is none of the reasons to go there again.
    if (made !== undefined) untrack(() => navigate(hrefOf(made), { replace: true }));
  });
  return {
    follow(id: string): void {
      jobId = id;
    },
    get job() {
      return job;
    },
  };
}
