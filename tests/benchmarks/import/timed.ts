import { spawnSync } from 'node:child_process';

export interface Timed {
  wallS: number;
  /** User and system time of the program and all that it started. */
  processorS: number;
  stdout: string;
}

/** Runs a program in a process of its own and times it from start to end. */
export function timed(command: readonly string[], env: NodeJS.ProcessEnv = {}): Timed {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@"';
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script, 'bash', ...command], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stderr}`);
  const [wall = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wallS: wall, processorS: user + system, stdout };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
