import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A real Node process of its own running a file of tests/db/programs; killed with its test at the latest. */
export function startProgram(name: string, ...args: string[]): ChildProcess {
  const file = join(import.meta.dirname, 'programs', name);
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Waits until the program prints `line`. */
export async function waitForLine(child: ChildProcess, line: string): Promise<void> {
  if (child.stdout === null) throw new Error('the program has no output to read');
  for await (const printed of createInterface({ input: child.stdout })) {
    if (printed === line) return;
  }
  throw new Error(`the program ended before it printed '${line}'`);
}

/** kill -9, as a crash or the system would: the program gets no chance to tidy up. */
export async function killHard(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
