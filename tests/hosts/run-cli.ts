import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../main/hosts/cli.ts', import.meta.url));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts `ccw` as a program of its own on the workspace in `folder`. */
export function startCli(folder: string, args: readonly string[], environment = process.env): ChildProcess {
  return spawn(process.execPath, [cli, ...args], {
    env: { ...environment, CCW_WORKSPACE: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits for a program's end with all that it printed; `onLine` gets each line of stdout as it comes. */
export function collect(child: ChildProcess, onLine: (line: string) => void = () => {}): Promise<CliResult> {
  let stdout = '';
  let seen = 0;
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (let end = stdout.indexOf('\n', seen); end >= 0; end = stdout.indexOf('\n', seen)) {
      onLine(stdout.slice(seen, end));
      seen = end + 1;
    }
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export function runCli(folder: string, ...args: string[]): Promise<CliResult> {
  return collect(startCli(folder, args));
}

/** The JSON lines that a program printed. */
export function jsonLines(result: CliResult): unknown[] {
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

/** Runs with --json, expects success, and gives the last line. */
export async function runJson(folder: string, ...args: string[]): Promise<unknown> {
  const result = await runCli(folder, ...args, '--json');
  if (result.code !== 0) throw new Error(`ccw ${args.join(' ')} ended with ${result.code}: ${result.stderr}`);
  return jsonLines(result).at(-1);
}
