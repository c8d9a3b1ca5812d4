import { spawn } from 'node:child_process';
import { tryParseJson } from '#core/json/try-parse-json.ts';

/** What a process that answers with JSON said. */
export interface Answer {
  /** The JSON that it printed; undefined where it printed none. */
  answer: unknown;
  errors: string;
  /** Its exit code or signal, or why it could not start. */
  end: string;
}

/** Runs a command and reads its standard output as JSON. Never throws: `end` tells how it ended. */
export function askProcess(command: string, args: readonly string[], timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      windowsHide: true,
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', (error) => resolve({ answer: undefined, errors, end: error.message }));
    child.on('close', (code, signal) => {
      resolve({ answer: tryParseJson(output), errors, end: signal ?? `exit code ${code}` });
    });
  });
}
