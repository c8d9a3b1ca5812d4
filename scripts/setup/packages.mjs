import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { checkoutFolder, findNode } from './checkout.mjs';
import { withLock } from './lock.mjs';
import { withProgress } from './progress.mjs';
import { runStep } from './run-step.mjs';
import { SetupError, say } from './say.mjs';

const stampVersion = 1;

/** Whether node_modules is what package-lock.json says: its stamp is written last, so half an installation has none. */
export function packagesAreReady(folder = checkoutFolder) {
  try {
    return fs.readFileSync(stampFile(folder), 'utf8') === makeStamp(folder) && findNode(folder) !== null;
  } catch {
    return false;
  }
}

/**
 * Brings node_modules to what package-lock.json says, without running any package's scripts: Node 24 and all
 * native parts come as packages of their own.
 * @throws SetupError where npm fails
 */
export async function installPackages(abort, folder = checkoutFolder) {
  const lock = path.join(folder, '.bootstrap.lock');
  const onWait = () => say(`Waiting: another program is setting up this checkout (${lock}).`);
  await withLock(lock, onWait, async (addProcess) => {
    if (packagesAreReady(folder)) return;
    if (!installedMatchesLock(folder)) await runNpm(folder, { abort, onStart: addProcess });
    if (findNode(folder) === null) {
      throw new SetupError(
        `There is no package with Node 24 for ${process.platform} ${process.arch}: start with a Node of version 24 or newer.`,
      );
    }
    fs.writeFileSync(stampFile(folder), makeStamp(folder));
  });
}

async function runNpm(folder, options) {
  const { command, args } = findNpm();
  const npmArgs = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  npmArgs.push('--include=dev', '--include=optional', '--loglevel=error', '--json=false');
  const where = { cwd: folder, env: environmentForNpm(folder) };
  const shell = process.platform === 'win32' && args.length === 0;
  await withProgress('Setting up: packages (npm ci, once for this checkout)', null, async () => {
    const { code, output } = await runStep(command, [...args, ...npmArgs], { ...where, ...options, shell });
    if (code !== 0) throw new SetupError(explainNpm(code, output));
  });
}

/** The npm that started us, run by its own Node; else the one on the path. */
function findNpm() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script && node && /npm-cli\.js$/.test(script) && fs.existsSync(script) && fs.existsSync(node)) {
    return { command: node, args: [script] };
  }
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** Without our own node_modules/.bin on the path: npm replaces the Node that lies there. */
function environmentForNpm(folder) {
  const env = { ...process.env };
  const own = path.join(folder, 'node_modules', '.bin');
  for (const name of Object.keys(env)) {
    if (name.toUpperCase() !== 'PATH') continue;
    env[name] = env[name]
      .split(path.delimiter)
      .filter((entry) => path.resolve(entry) !== own)
      .join(path.delimiter);
  }
  return env;
}

function explainNpm(code, output) {
  // npm says first what went wrong; its usage and the name of its log follow.
  const said = output.trim().split('\n').slice(0, 12).join('\n');
  if (code === 127) return 'npm was not found: install Node with npm, and start again with `npm run`.';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(output)) {
    return `${said}\nThe npm registry cannot be reached: check the network (or npm's proxy settings) and start again.`;
  }
  if (/ENOSPC/.test(output)) return `${said}\nThe disk is full: free 1 GB and start again.`;
  return `${said}\nnpm ci failed: see the lines above. The next start tries again.`;
}

/** An installation that a person made with npm itself is as good as ours. */
function installedMatchesLock(folder) {
  try {
    const wanted = readPackages(path.join(folder, 'package-lock.json'));
    const found = readPackages(path.join(folder, 'node_modules', '.package-lock.json'));
    const same = Object.entries(wanted).every(
      ([name, entry]) =>
        name === '' || (found[name] ? found[name].version === entry.version : isOptional(entry)),
    );
    return same && Object.keys(found).every((name) => name in wanted);
  } catch {
    return false;
  }
}

function isOptional(entry) {
  return Boolean(entry.optional || entry.devOptional);
}

function readPackages(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
}

function stampFile(folder) {
  return path.join(folder, 'node_modules', '.set-up');
}

function makeStamp(folder) {
  const lock = fs.readFileSync(path.join(folder, 'package-lock.json'));
  const hash = crypto.createHash('sha256').update(lock).digest('hex');
  return `${stampVersion} ${process.platform}-${process.arch} ${hash}\n`;
}
