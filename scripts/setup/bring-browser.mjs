import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutFolder, findCommand, findNode } from './checkout.mjs';
import { findHeadlessShell, findInstalledBrowser } from './installed-browser.mjs';
import { withProgress } from './progress.mjs';
import { runStep } from './run-step.mjs';
import { SetupError, say } from './say.mjs';

const probeFile = fileURLToPath(new URL('./probe-browser.mjs', import.meta.url));
const advice =
  'Install Chromium, Chrome or Edge (on Debian: apt-get install chromium), or name one in CCW_CHROMIUM.';

/**
 * Sees to it that there is a browser for the tests in a window: an installed one, else Playwright's own, else, as
 * root on Debian, one from apt-get. What it does goes to standard error.
 * @returns whether there is one; where not, it has said what to do
 * @throws Interrupted where `abort` fires
 */
export async function bringBrowser({ abort, environment = process.env, osRelease = '/etc/os-release' } = {}) {
  if (findInstalledBrowser(environment) !== null) return true;
  const options = { abort, env: environment, cwd: checkoutFolder };
  if (await playwrightBrowserStarts(options)) return true;
  const reasons = [];
  const fetched = await fetchWithPlaywright(options);
  if (fetched.code !== 0) reasons.push(`Playwright could not fetch one: ${firstLine(fetched.output)}`);
  else if (await playwrightBrowserStarts(options)) return true;
  else reasons.push('Playwright’s own does not start here (system libraries are missing).');
  if (isRootOnDebian(osRelease)) {
    const installed = await installWithApt(options);
    if (installed.code === 0 && findInstalledBrowser(environment) !== null) return true;
    reasons.push(`apt-get could not install chromium: ${lastLine(installed.output)}`);
  }
  say(['There is no browser for the tests in a window.', ...reasons, advice].join('\n'));
  return false;
}

/**
 * Sees to it, as root on Debian with Debian's Chromium, that its headless shell is there too: pages without a browser
 * around them, which halves the processor time of the tests in a window. Where it cannot be had, they run in Chromium.
 */
export async function bringHeadlessShell({
  abort,
  environment = process.env,
  osRelease = '/etc/os-release',
} = {}) {
  const browser = findInstalledBrowser(environment);
  if (browser === null || environment.CCW_CHROMIUM || path.basename(browser) !== 'chromium') return;
  if (findHeadlessShell(environment) !== null || !isRootOnDebian(osRelease)) return;
  const options = { abort, env: { ...environment, DEBIAN_FRONTEND: 'noninteractive' }, cwd: checkoutFolder };
  await showStep('Setting up: Chromium’s headless shell from apt-get (for the tests in a window)', () =>
    runStep('apt-get', ['install', '-y', '--no-install-recommends', 'chromium-headless-shell'], {
      ...options,
      patienceMs: 10_000,
    }),
  );
}

async function playwrightBrowserStarts(options) {
  const { code } = await runStep(findNode(), [probeFile], options);
  return code === 0;
}

function fetchWithPlaywright(options) {
  const command = findCommand('@playwright/test', 'playwright');
  // Where there is no network, its five tries would otherwise take minutes.
  const env = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000', ...options.env };
  return showStep('Setting up: Playwright’s Chromium (for the tests in a window)', () =>
    runStep(findNode(), [command, 'install', 'chromium'], { ...options, env }),
  );
}

/** Package lists may be missing or out of date: they are fetched where installing fails at first. */
function installWithApt(options) {
  const env = { ...options.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => runStep('apt-get', args, { ...options, env, patienceMs: 10_000 });
  const install = () => apt('install', '-y', '--no-install-recommends', 'chromium');
  return showStep('Setting up: Chromium from apt-get (for the tests in a window)', async () => {
    const first = await install();
    if (first.code === 0) return first;
    await apt('update');
    return install();
  });
}

/** A step that fails is not shown as done. */
async function showStep(label, run) {
  let result;
  try {
    await withProgress(label, null, async () => {
      result = await run();
      if (result.code !== 0) throw new SetupError(result.output);
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
  }
  return result;
}

function isRootOnDebian(osRelease) {
  if (process.platform !== 'linux' || process.getuid() !== 0 || !fs.existsSync(osRelease)) return false;
  return /^ID="?debian"?$/m.test(fs.readFileSync(path.resolve(osRelease), 'utf8'));
}

function firstLine(text) {
  return (
    text
      .split('\n')
      .find((line) => /error|fail/i.test(line))
      ?.trim() ?? 'it said nothing.'
  );
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) || 'it said nothing.';
}
