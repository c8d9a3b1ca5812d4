import { untrack } from 'svelte';
import type { Job } from '#contract/api/workspace.ts';
import { jobStore } from './jobs.svelte.ts';

export interface WatchedJob {
  /** The job as it is now; undefined before one was started, and while the host has said nothing of it. */
  readonly job: Job | undefined;
  /** Watches this job from now on. */
  watch(id: string): void;
}

/**
 * A job that a component started itself. A short one may be done before the host's answer with its id is here: so this
 * goes by the job's state, not by the events that come after the answer. Call it while a component is set up.
 * @param onDone called once for each job that ends well, while the component is there
 */
export function createJobWatch(onDone: (job: Job) => void = () => {}): WatchedJob {
  let id = $state<string | null>(null);
  const job = $derived(id === null ? undefined : jobStore.get(id));
  let ended: string | null = null;

  $effect(() => {
    const now = job;
    if (now?.state !== 'done' || ended === now.id) return;
    ended = now.id;
    untrack(() => onDone(now));
  });
  return {
    get job() {
      return job;
    },
    watch(started) {
      id = started;
    },
  };
}
