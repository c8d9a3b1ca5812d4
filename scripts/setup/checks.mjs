import fs from 'node:fs';
import path from 'node:path';
import { bringBrowser, bringHeadlessShell } from './bring-browser.mjs';
import { checkoutFolder, findCommand, findNode } from './checkout.mjs';
import { runNode } from './run-program.mjs';
import { catchInterrupts, Interrupted, interruptedExitCode, runStep } from './run-step.mjs';
import { say } from './say.mjs';
import { addCounts, formatCounts, readPlaywrightCounts, readVitestCounts } from './test-counts.mjs';
import { readVitestFailures } from './test-failures.mjs';

const folders = ['contract', 'core', 'db', 'main', 'preload', 'renderer', 'tests'].filter((folder) =>
  fs.existsSync(path.join(checkoutFolder, folder)),
);
const reportFolder = path.join(checkoutFolder, 'node_modules', '.cache');
const vitestReport = path.join(reportFolder, 'test-report.json');
const playwrightReport = path.join(reportFolder, 'e2e-report.json');
const playwrightConfig = path.join('tests', 'e2e', 'playwright.config.ts');

/** Leaves out the specs that take minutes each (CONTRIBUTING.md: the nightly list); `npm run test:e2e` runs them. */
const withoutMinutes = ['--grep-invert', '@minutes'];

/** At a time; each is one program on one core. The longest come first. */
const checksAtOnce = 2;
const steps = [
  {
    name: 'types: svelte-check',
    command: ['svelte-check', 'svelte-check'],
    args: ['--tsconfig', 'tsconfig.renderer.json', '--threshold', 'warning'],
  },
  ...['tests', 'node', 'pure', 'preload'].map((part) => ({
    name: `types: tsconfig.${part}.json`,
    command: ['typescript', 'tsc'],
    args: ['-p', `tsconfig.${part}.json`],
  })),
  {
    name: 'imports: dependency-cruiser',
    command: ['dependency-cruiser', 'depcruise'],
    args: ['--config', '.dependency-cruiser.cjs', ...folders],
  },
  { name: 'lint and format: biome', command: ['@biomejs/biome', 'biome'], args: ['ci', '.'] },
];

/** Type check, lint and import rule. Gives the exit code. */
export async function check() {
  return finish(async (abort) => {
    const failed = await runChecks(abort);
    sayFailed(failed);
    return failed.length === 0;
  });
}

/**
 * The checks, then all tests, those in a window included; or, where vitest gets arguments of its own, only those
 * tests. Ends with vitest's failed tests (Playwright names its own), the checks that failed and the counts of all tests.
 * Gives the exit code.
 */
export async function test(vitestArgs) {
  return finish(async (abort) => {
    if (vitestArgs.length > 0) return sayHow([await runVitest(vitestArgs)], []);
    // Some of vitest's tests open a window too. Fetching one mostly waits, the checks compute: they go on beside it.
    const [failed, hasBrowser] = await Promise.all([runChecks(abort), bringBrowsers(abort)]);
    const parts = [await runVitest([])];
    if (abort.aborted) throw new Interrupted();
    parts.push(hasBrowser ? await runPlaywright(withoutMinutes) : { code: 1, counts: null });
    return sayHow(parts, failed);
  });
}

/** The tests in a window; arguments go to Playwright. Gives the exit code. */
export async function testWindow(playwrightArgs) {
  return finish(async (abort) => {
    if (!(await bringBrowsers(abort))) return false;
    return sayHow([await runPlaywright(playwrightArgs)], []);
  });
}

/** Gives whether there is a browser. */
async function bringBrowsers(abort) {
  const hasBrowser = await bringBrowser({ abort });
  await bringHeadlessShell({ abort });
  return hasBrowser;
}

async function finish(work) {
  const { abort, release } = catchInterrupts();
  try {
    return (await work(abort)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return interruptedExitCode;
  } finally {
    release();
  }
}

/** Every step runs, whatever the others said. Gives the names of those that failed. */
async function runChecks(abort) {
  const failed = [];
  const waiting = [...steps];
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const { name, command, args } = step;
      const options = { abort, cwd: checkoutFolder };
      const { code, output } = await runStep(findNode(), [findCommand(...command), ...args], options);
      process.stdout.write(`== ${name}\n${output}`);
      if (code !== 0) failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: checksAtOnce }, work));
  return failed;
}

async function runVitest(args) {
  fs.rmSync(vitestReport, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];
  const code = await runCommand(['vitest', 'vitest'], ['run', ...reporters, ...args]);
  const counts = readVitestCounts(vitestReport);
  if (counts === null) say('vitest ended without a report.');
  return { code, counts, failures: readVitestFailures(vitestReport, checkoutFolder) };
}

async function runPlaywright(args) {
  fs.rmSync(playwrightReport, { force: true });
  const command = ['test', '--config', playwrightConfig, '--reporter=list,json', ...args];
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport };
  const code = await runCommand(['@playwright/test', 'playwright'], command, env);
  const counts = readPlaywrightCounts(playwrightReport);
  if (counts === null) say('Playwright ended without a report.');
  return { code, counts };
}

/** Says how the tests ended. @returns whether all is well */
function sayHow(parts, failedChecks) {
  for (const { failures = [] } of parts) {
    for (const failure of failures) process.stdout.write(`Failed: ${failure}\n`);
  }
  sayFailed(failedChecks);
  process.stdout.write(`${formatCounts(addCounts(parts.map(({ counts }) => counts)))}\n`);
  return failedChecks.length === 0 && parts.every(({ code }) => code === 0);
}

function sayFailed(names) {
  if (names.length > 0) process.stdout.write(`Failed: ${names.join('; ')}\n`);
}

function runCommand([packageName, command], args, env = process.env) {
  return runNode([findCommand(packageName, command), ...args], { cwd: checkoutFolder, env });
}
