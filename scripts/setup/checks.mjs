import fs from 'node:fs';
import path from 'node:path';
import { checkoutFolder, findCommand } from './checkout.mjs';
import { runNode } from './run-program.mjs';
import { formatCounts, readCounts } from './test-counts.mjs';

const folders = ['contract', 'core', 'db', 'main', 'preload', 'renderer', 'tests'].filter((folder) =>
  fs.existsSync(path.join(checkoutFolder, folder)),
);
const reportFile = path.join(checkoutFolder, 'node_modules', '.cache', 'test-report.json');

const steps = [
  ...['pure', 'node', 'preload', 'tests'].map((part) => ({
    name: `types: tsconfig.${part}.json`,
    command: ['typescript', 'tsc'],
    args: ['-p', `tsconfig.${part}.json`],
  })),
  {
    name: 'types: svelte-check',
    command: ['svelte-check', 'svelte-check'],
    args: ['--tsconfig', 'tsconfig.renderer.json', '--threshold', 'warning'],
  },
  { name: 'lint and format: biome', command: ['@biomejs/biome', 'biome'], args: ['ci', '.'] },
  {
    name: 'imports: dependency-cruiser',
    command: ['dependency-cruiser', 'depcruise'],
    args: ['--config', '.dependency-cruiser.cjs', ...folders],
  },
];

/** Type check, lint and import rule. Gives the exit code. */
export async function check() {
  const failed = await runChecks();
  sayFailed(failed);
  return failed.length === 0 ? 0 : 1;
}

/** Every step runs, whatever the others said. Gives the names of those that failed. */
async function runChecks() {
  const failed = [];
  for (const { name, command, args } of steps) {
    process.stdout.write(`== ${name}\n`);
    if ((await runCommand(command, args)) !== 0) failed.push(name);
  }
  return failed;
}

function sayFailed(names) {
  if (names.length > 0) process.stdout.write(`Failed: ${names.join('; ')}\n`);
}

/**
 * The checks, then all tests; or, where vitest gets arguments of its own, only those tests. Ends with the checks
 * that failed and vitest's counts, each on a line of its own. Gives the exit code.
 */
export async function test(vitestArgs) {
  const failed = vitestArgs.length === 0 ? await runChecks() : [];
  fs.rmSync(reportFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const tested = await runCommand(['vitest', 'vitest'], ['run', ...reporters, ...vitestArgs]);
  sayFailed(failed);
  const counts = readCounts(reportFile);
  process.stdout.write(counts ? `${formatCounts(counts)}\n` : 'vitest ended without a report.\n');
  return failed.length === 0 && tested === 0 ? 0 : 1;
}

function runCommand([packageName, command], args) {
  return runNode([findCommand(packageName, command), ...args], { cwd: checkoutFolder });
}
