import { Worker } from 'node:worker_threads';
import { programBeside } from '#main/data/files/program-beside.ts';

/**
 * Ends this process once the one above it is gone. A thread of its own looks: this one may be in a step that takes long,
 * and nobody is left to record what it gives.
 */
export function endWithParent(): void {
  new Worker(programBeside('parent-watch', import.meta.url), { execArgv: [] }).unref();
}
