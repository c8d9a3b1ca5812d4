import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './support/find-browser.ts';
import { type HostOptions, sandboxArguments } from './support/start-host.ts';

const executablePath = findBrowser();

/**
 * Every spec drives a real host on a real workspace. One at a time: the engine uses every core, and what specs share
 * is made by the first that needs it.
 */
export default defineConfig<HostOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: fileURLToPath(new URL('../../dist/e2e', import.meta.url)),
  globalSetup: fileURLToPath(new URL('support/prepare-run.ts', import.meta.url)),
  workers: 1,
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
    { name: 'chromium', use: { shell: 'browser' } },
    { name: 'electron', use: { shell: 'electron' } },
  ],
});
