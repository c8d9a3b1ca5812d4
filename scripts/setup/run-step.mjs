import { spawn } from 'node:child_process';

const defaultPatienceMs = 1_500;

/**
 * Runs one command of set-up to its end, ending it if `abort` fires: asked first,
 * and after `patienceMs` without asking. `onStart` gets its process id, `onText` its output.
 * @returns exit code (127 where the command does not exist, 128 where a signal ended it), signal and output
 * @throws Interrupted once the command has ended, where `abort` fired
 */
export async function runStep(
  command,
  args,
  { abort, patienceMs = defaultPatienceMs, onStart, onText, ...options } = {},
) {
  if (abort?.aborted) throw new Interrupted();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, ...options });
  if (child.pid) onStart?.(child.pid);
  let impatient;
  const stop = () => {
    child.kill('SIGTERM');
    // npm first finishes what it began to unpack, which takes half a minute, only to remove it.
    impatient = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  };
  abort?.addEventListener('abort', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-20_000);
      onText?.(text);
    });
  }
  const result = await new Promise((resolve) => {
    child.on('error', (error) =>
      resolve({ code: 127, signal: null, output: `${error.code}: ${error.message}` }),
    );
    child.on('close', (code, signal) => resolve({ code: code ?? 128, signal, output }));
  });
  clearTimeout(impatient);
  abort?.removeEventListener('abort', stop);
  if (abort?.aborted) throw new Interrupted();
  return result;
}

/** The person, or another program, asked set-up to stop. */
export class Interrupted extends Error {
  constructor() {
    super('Set-up was interrupted; the next start goes on with it.');
    this.name = 'Interrupted';
  }
}

/** Exit code of a program that Ctrl-C ended, as shells give it. */
export const interruptedExitCode = 130;

/** A signal for {@link runStep} that fires when this process is asked to stop; call `release` when set-up is over. */
export function catchInterrupts() {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const stop = () => controller.abort();
  for (const signal of signals) process.on(signal, stop);
  const release = () => {
    for (const signal of signals) process.off(signal, stop);
  };
  return { abort: controller.signal, release };
}
