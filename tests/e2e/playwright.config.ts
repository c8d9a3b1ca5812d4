import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './support/find-browser.ts';
import { type HostOptions, sandboxArguments } from './support/start-host.ts';

const executablePath = findBrowser();

const demo = 'demo.spec.ts';

/**
 * Every spec drives a real host on a real workspace. One at a time, since what specs share is made by the first that
 * needs it; the demo, which trains for minutes and shares nothing, goes on beside the others. Files go in the order of
 * their names: those that train themselves for long come late, when the demo is done.
 */
export default defineConfig<HostOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: fileURLToPath(new URL('../../dist/e2e', import.meta.url)),
  globalSetup: fileURLToPath(new URL('support/prepare-run.ts', import.meta.url)),
  workers: 2,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    // Pictures of every moment would take a third of the processor from what is tested.
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: { ...(executablePath === null ? {} : { executablePath }), args: sandboxArguments },
  },
  projects: [
    { name: 'chromium demo', testMatch: demo, workers: 1, use: { shell: 'browser' } },
    { name: 'chromium', testIgnore: demo, workers: 1, use: { shell: 'browser' } },
    { name: 'electron', workers: 1, dependencies: ['chromium demo', 'chromium'], use: { shell: 'electron' } },
  ],
});
