import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { runJson, startCli } from '../hosts/run-cli.ts';
import { importSmallDataset, makeFolder } from '../workbench/fixtures.ts';

/** A workspace with a small dataset; training it takes some seconds, and has eight epochs of three steps. */
export async function makeTraining() {
  const temporary = makeFolder();
  const folder = join(temporary.folder, 'workspace');
  const workspace = openWorkspace(folder);
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
  return { folder, remove: temporary.remove };
}

export const trainArgs = (name: string, epochs = 8) => [
  ...['train', '--dataset', 'colours', '--name', name, '--architecture', 'demo', '--batch-size', '8'],
  ...['--epochs', `${epochs}`, '--warmup-steps', '2', '--no-measure', '--json'],
];

/** Starts `ccw` and waits until a line of its output has this word, or it ends. */
export async function startUntil(
  folder: string,
  args: readonly string[],
  word: string,
): Promise<ChildProcess> {
  const child = startCli(folder, args);
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  child.stderr?.resume();
  const ended = once(child, 'exit');
  while (!text.includes(word) && child.exitCode === null && child.signalCode === null) {
    await Promise.race([once(child.stdout!, 'data'), ended]);
  }
  return child;
}

/** The engine of a program, null where it has none (any more). */
export function engineOf(pid: number): number | null {
  try {
    const found = execFileSync('pgrep', ['-P', String(pid), '-f', 'engine/process'], { encoding: 'utf8' });
    return Number(found.trim().split('\n')[0]);
  } catch {
    return null;
  }
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^[ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim() ?? 'X');
  } catch {
    return false;
  }
}

/** Waits until none of these processes is there. @returns those that are left after `patienceMs` */
export async function waitForEnd(pids: readonly number[], patienceMs: number): Promise<number[]> {
  const begun = performance.now();
  while (pids.some(isAlive) && performance.now() - begun < patienceMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return pids.filter(isAlive);
}

/** A run as `ccw runs show` tells it. */
export async function showState(folder: string, name: string): Promise<string> {
  const shown = JSON.stringify(await runJson(folder, 'runs', 'show', name));
  return /"state":"(\w+)"/.exec(shown)?.[1] ?? shown;
}

/** Goes on with a run to its end. @returns SHA-256 of its weights */
export async function finish(folder: string, args: readonly string[]): Promise<string> {
  const report = JSON.stringify(await runJson(folder, ...args.filter((arg) => arg !== '--json')));
  return /"weightsSha256":"(\w+)"/.exec(report)?.[1] ?? report;
}
