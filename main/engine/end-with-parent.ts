import { Worker } from 'node:worker_threads';

/**
 * Ends this process once the one above it is gone. A thread of its own looks: this one may be in a step that takes long,
 * and nobody is left to record what it gives.
 */
export function endWithParent(): void {
  const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  new Worker(new URL(`./parent-watch.${suffix}`, import.meta.url), { execArgv: [] }).unref();
}
