import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { silentContext } from '../../workbench/fixtures.ts';
import { makePictureFolder } from './picture-folder.ts';
import { test as base } from './start-host.ts';

/** `test` on a workspace with the dataset `colours` of makePictureFolder; `pictures` is the folder with it. */
export const test = base.extend<{ pictures: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from its first argument
  pictures: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ccw-pictures-'));
    await makePictureFolder(folder);
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  workspace: async ({ pictures }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ccw-e2e-'));
    const workspace = openWorkspace(folder);
    const path = join(pictures, 'colours');
    const request = { path, name: 'colours', templates: null, prompts: null, columns: {}, strict: false };
    await importFrom(workspace, request, silentContext());
    workspace.close();
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});
export { expect } from '@playwright/test';
