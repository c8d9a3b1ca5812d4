import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import { makeOnce } from './run-folder.ts';
import { test as base, startHost } from './start-host.ts';

const failedPicture = fileURLToPath(new URL('../../../dist/e2e-demo-failed.png', import.meta.url));

/**
 * `test` on a workspace in which the demo has run, started from the button in a real window and watched to its end.
 * That takes minutes: it happens once in the whole run of Playwright, whatever shell the specs run in; each test gets
 * a copy.
 */
export const test = base.extend<object, { demo: string }>({
  demo: [
    async ({ browser }, use) => {
      const folder = await makeOnce('demo', async (workspace) => {
        const host = await startHost(workspace);
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
        try {
          await page.goto(host.url);
          await watchDemo(page);
        } catch (error) {
          await page.screenshot({ path: failedPicture });
          throw error;
        } finally {
          await page.close();
          await host.stop();
        }
      });
      await use(folder);
    },
    { scope: 'worker', timeout: 1_500_000 },
  ],
  workspace: async ({ demo }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ccw-e2e-'));
    await cp(demo, folder, { recursive: true, filter: (path) => basename(path) !== 'queue.lock' });
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});
export { expect } from '@playwright/test';

/** What a person sees from the button to the comparison, a reload in the middle included. */
async function watchDemo(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run the demo' }).click();
  await expect(page.getByRole('progressbar', { name: 'Demo' }).last()).toBeVisible();
  const step = page.locator('[aria-current="step"]');
  await expect(step).toContainText('Train', { timeout: 400_000 });
  await page.reload();
  await expect(step).toContainText('Train');
  await expect(page).toHaveURL(/\/compare\?run=/, { timeout: 1_000_000 });
}
