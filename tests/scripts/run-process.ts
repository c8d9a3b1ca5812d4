import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

export const repository = path.resolve(import.meta.dirname, '..', '..');
export const fetchFile = path.join(repository, 'scripts', 'setup', 'fetch-tensorflow-main.mjs');
export const bootstrapFile = path.join(repository, 'scripts', 'bootstrap.mjs');

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface StartedProcess {
  child: ChildProcess;
  /** Resolves once the process has printed `text` on either stream. */
  waitFor(text: string): Promise<void>;
  ended: Promise<ProcessEnd>;
}

/** Starts Node on a file with exactly this environment. */
export function startNode(args: string[], env: Record<string, string>, cwd = repository): StartedProcess {
  const child = spawn(process.execPath, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  const waitFor = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!output.stdout.includes(text) && !output.stderr.includes(text)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      void ended.then((end) =>
        reject(new Error(`ended without printing ${text}:\n${end.stdout}${end.stderr}`)),
      );
      look();
    });
  return { child, waitFor, ended };
}

export function runNode(args: string[], env: Record<string, string>, cwd?: string): Promise<ProcessEnd> {
  return startNode(args, env, cwd).ended;
}

const pathFolders: string[] = [];
afterAll(() => {
  for (const folder of pathFolders) rmSync(folder, { recursive: true, force: true });
});

/** A folder with executable shell scripts, to be the whole of a PATH; removed after the test file. */
export function makePath(scripts: Record<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccw-path-'));
  pathFolders.push(folder);
  for (const [name, body] of Object.entries(scripts)) {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}
