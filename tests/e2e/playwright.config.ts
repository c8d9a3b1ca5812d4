import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { findHeadlessBrowser } from './support/find-browser.ts';
import { type HostOptions, sandboxArguments } from './support/start-host.ts';

// Two specs at a time, each with an engine now and then: an op of either takes one core.
process.env.TF_NUM_INTRAOP_THREADS ??= '1';

const executablePath = findHeadlessBrowser();

/** Specs that watch trainings, the whole demo among them. */
const trainingSpecs = ['demo.spec.ts', 'live.spec.ts'];

/**
 * Every spec drives a real host on a real workspace. Two at a time, of which one at most watches a training: two
 * engines would take each other's cores. The demo, which takes longest, comes first.
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
    // A trace costs a tenth of the time: `npm run test:e2e -- --trace on SPEC` makes one.
    trace: 'off',
    launchOptions: { ...(executablePath === null ? {} : { executablePath }), args: sandboxArguments },
  },
  projects: [
    { name: 'chromium-training', testMatch: trainingSpecs, workers: 1, use: { shell: 'browser' } },
    { name: 'chromium', testIgnore: trainingSpecs, use: { shell: 'browser' } },
    { name: 'electron', use: { shell: 'electron' } },
  ],
});
