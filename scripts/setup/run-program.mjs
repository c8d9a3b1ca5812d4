import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { checkoutFolder, findNode } from './checkout.mjs';

/** Node keeps what it compiled here, for every program that is started below one: half of the time of a short command. */
const compileCache = path.join(checkoutFolder, 'node_modules', '.cache', 'node-compile-cache');
const preload = new URL('./one-signal.mjs', import.meta.url).href;

/**
 * Runs a file of the checkout on Node 24 with our standard streams, and hands signals on.
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
    env: { NODE_COMPILE_CACHE: compileCache, ...env },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
  const handlers = signals.map((signal) => [signal, () => void child.kill(signal)]);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (exitCode, signal) => resolve(exitCode ?? 128 + os.constants.signals[signal]));
  });
  for (const [signal, handler] of handlers) process.off(signal, handler);
  return code;
}
