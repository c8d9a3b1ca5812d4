import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeMeasuredWorkspace } from '../../api/measured-workspace.ts';
import { test as base } from './start-host.ts';

/**
 * `test` on a workspace with four small, trained and measured models: poisoned-0, poisoned-1 (which differ in their
 * seeds), control (from poisoned-0) and head (from poisoned-1). It is made once; each test gets a copy.
 */
export const test = base.extend<object, { measured: string }>({
  measured: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its first argument
    async ({}, use) => {
      const made = await makeMeasuredWorkspace();
      const runs = ['poisoned-0', 'poisoned-1', 'control', 'head'];
      await made.jobs.finish(await made.comparison.measureMissing({ runs }));
      await use(made.workspace.folder);
      await made.remove();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  workspace: async ({ measured }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ccw-e2e-'));
    // The lock belongs to the program that made the workspace.
    await cp(measured, folder, { recursive: true, filter: (path) => basename(path) !== 'queue.lock' });
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});
export { expect } from '@playwright/test';
