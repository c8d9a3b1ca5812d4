import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { checkoutFolder, findNode } from './checkout.mjs';
import { parentVariable, watchParents } from './watch-parents.mjs';

/** Node keeps what it compiled here, for every program that is started below one: half of the time of a short command. */
const compileCache = path.join(checkoutFolder, 'node_modules', '.cache', 'node-compile-cache');
const preload = new URL('./one-signal.mjs', import.meta.url).href;

/**
 * Runs a file of the checkout on Node 24 with our standard streams, and hands signals on. Where npm, or the shell that
 * npm starts, is gone, the program is asked to stop; it watches us in turn.
 * @returns its exit code, or 128 + the number of the signal that ended it
 */
export function runProgram(file, args) {
  const warnings = '--disable-warning=ExperimentalWarning'; // type stripping, in early versions of Node 24
  return runNode([warnings, `--import=${preload}`, path.resolve(checkoutFolder, file), ...args]);
}

/** As {@link runProgram}, with Node's own arguments. */
export async function runNode(args, { env = process.env, ...options } = {}) {
  const child = spawn(findNode(), args, {
    stdio: 'inherit',
    ...options,
    env: { NODE_COMPILE_CACHE: compileCache, ...env, [parentVariable]: `${process.pid}` },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
  let handedOn = false;
  const handOn = (signal) => {
    handedOn = true;
    child.kill(signal);
  };
  const handlers = signals.map((signal) => [signal, () => handOn(signal)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  // Who starts us without npm (nohup, a service) may end before we do.
  const startedByNpm = process.env.npm_lifecycle_event !== undefined;
  const stopWatching = startedByNpm
    ? watchParents(2, () => {
        if (!handedOn) handOn('SIGTERM');
      })
    : () => {};
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (exitCode, signal) => resolve(exitCode ?? 128 + os.constants.signals[signal]));
  });
  for (const [signal, handler] of handlers) process.off(signal, handler);
  stopWatching();
  return code;
}
