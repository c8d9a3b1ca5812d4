import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireProcessLock, type ProcessLock } from '../process-lock.ts';

export type QueueLock = ProcessLock;

/**
 * Takes the right to run jobs in this workspace, or gives null where another program has it. Only one holds
 * it at a time; it ends with release() or with the process.
 */
export function acquireQueueLock(workspaceFolder: string): QueueLock | null {
  mkdirSync(workspaceFolder, { recursive: true });
  return acquireProcessLock(join(workspaceFolder, 'queue.lock'));
}
