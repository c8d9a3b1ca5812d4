import type { Job } from '#contract/api/workspace.ts';
import { navigate } from '../routing/router.svelte.ts';
import { routes } from '../routing/routes.ts';

/** Address of what a job made or works on; null where there is nothing to see. A comparison's id is its runs, joined by commas. */
export function jobHref(job: Job): string | null {
  if (job.result?.kind === 'comparison') return routes.compare(job.result.id.split(',').filter(Boolean));
  if (job.result?.kind === 'sweep') return routes.sweep(job.result.id);
  if (job.result?.kind === 'model') return routes.model(job.result.id);
  if (job.result?.kind === 'dataset') return routes.dataset(job.result.id);
  if (job.result?.kind === 'variant') return routes.variant(job.result.id);
  if (job.result?.kind === 'trigger') return routes.triggers({ trigger: job.result.id });
  if (job.result?.kind === 'detection') return routes.detection(job.result.id);
  if (job.result?.kind === 'scan') return routes.scan(job.result.id);
  const [measured] = job.measures;
  if (job.result?.kind === 'evaluation' && measured !== undefined) return routes.model(measured);
  return job.runId === null ? null : routes.run(job.runId);
}

/** What opens it, for a button. */
export function openResult(job: Job): (() => void) | null {
  const href = jobHref(job);
  return href === null ? null : () => navigate(href);
}
