import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeMeasuredWorkspace } from '../../api/measured-workspace.ts';
import { makeOnce } from './run-folder.ts';
import { test as base } from './start-host.ts';

/** In the folder that is made once: the path of the workspace in it. */
const pathFile = 'workspace-path';

/**
 * `test` on a workspace with four small, trained and measured models: poisoned-0, poisoned-1 (which differ in their
 * seeds), control (from poisoned-0) and head (from poisoned-1). It is made once; each test gets a copy.
 */
export const test = base.extend<object, { measured: string }>({
  measured: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its first argument
    async ({}, use) => {
      const parent = await makeOnce('measured', async (folder) => {
        const made = await makeMeasuredWorkspace(folder);
        const runs = ['poisoned-0', 'poisoned-1', 'control', 'head'];
        await made.jobs.finish(await made.comparison.measureMissing({ runs }));
        await made.close();
        await writeFile(join(folder, pathFile), made.workspace.folder);
      });
      await use(await readFile(join(parent, pathFile), 'utf8'));
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
