import fs from 'node:fs';
import path from 'node:path';
import { checkoutFolder, findCommand } from './checkout.mjs';
import { runNode } from './run-program.mjs';
import { formatCounts, readCounts } from './test-counts.mjs';

const folders = ['contract', 'core', 'db', 'main', 'tests'];
const reportFile = path.join(checkoutFolder, 'node_modules', '.cache', 'test-report.json');

const steps = [
  ...['pure', 'node', 'tests'].map((part) => ({
    name: `types: tsconfig.${part}.json`,
    command: ['typescript', 'tsc'],
    args: ['-p', `tsconfig.${part}.json`],
  })),
  { name: 'lint and format: biome', command: ['@biomejs/biome', 'biome'], args: ['ci', '.'] },
  {
    name: 'imports: dependency-cruiser',
    command: ['dependency-cruiser', 'depcruise'],
    args: ['--config', '.dependency-cruiser.cjs', ...folders],
  },
];

/** Type check, lint and import rule: every step runs, whatever the others said. Gives the exit code. */
export async function check() {
  const failed = [];
  for (const { name, command, args } of steps) {
    process.stdout.write(`== ${name}\n`);
    if ((await runCommand(command, args)) !== 0) failed.push(name);
  }
  if (failed.length > 0) process.stdout.write(`Failed: ${failed.join('; ')}\n`);
  return failed.length === 0 ? 0 : 1;
}

/**
 * The checks, then all tests; or, where vitest gets arguments of its own, only those tests. Ends with vitest's
 * counts on a line of their own. Gives the exit code.
 */
export async function test(vitestArgs) {
  const checked = vitestArgs.length === 0 ? await check() : 0;
  fs.rmSync(reportFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const tested = await runCommand(['vitest', 'vitest'], ['run', ...reporters, ...vitestArgs]);
  const counts = readCounts(reportFile);
  process.stdout.write(counts ? `${formatCounts(counts)}\n` : 'vitest ended without a report.\n');
  return checked === 0 && tested === 0 ? 0 : 1;
}

function runCommand([packageName, command], args) {
  return runNode([findCommand(packageName, command), ...args], { cwd: checkoutFolder });
}
