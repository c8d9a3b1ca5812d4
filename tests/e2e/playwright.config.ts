import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { findBrowser } from './support/find-browser.ts';
import type { HostOptions } from './support/start-host.ts';

const executablePath = findBrowser();

/** Every spec drives a real host on a real workspace. One at a time: the engine uses every core. */
export default defineConfig<HostOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: fileURLToPath(new URL('../../dist/e2e', import.meta.url)),
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  projects: [
    {
      name: 'chromium',
      use: {
        shell: 'browser',
        launchOptions: {
          ...(executablePath === null ? {} : { executablePath }),
          args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
        },
      },
    },
    { name: 'electron', use: { shell: 'electron' } },
  ],
});
