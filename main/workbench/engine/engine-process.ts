import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FromEngine, ToEngine } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';

/** The engine is started by its path and never imported: it is a process of its own. */
const engineFile = fileURLToPath(new URL('../../engine/process.ts', import.meta.url));

/** How a process ended: by itself with a code, or by a signal; both null where it could not be started. */
export interface ProcessEnd {
  exitCode: number | null;
  signal: string | null;
}

/** An engine's process as its client sees it, however the host starts processes. */
export interface EngineProcess {
  send(message: ToEngine): void;
  onMessage(receive: (message: FromEngine) => void): void;
  /** What the process prints, in pieces. */
  onOutput(receive: (text: string) => void): void;
  /** Resolves once the process is gone and all that it printed was handed on. */
  readonly ended: Promise<ProcessEnd>;
  /** Ends the connection: the engine then ends by itself. */
  disconnect(): void;
  /** Ends the process at once. */
  kill(): void;
}

/** Starts an engine with these environment variables added. */
export type EngineLauncher = (environment: Readonly<Record<string, string>>) => EngineProcess;

/** An engine as a child process of this Node. */
export const launchChildProcess: EngineLauncher = (environment) => {
  if (!existsSync(engineFile)) {
    throw new WorkbenchError('internal', `${engineFile} is missing: the installation is incomplete.`);
  }
  const child = fork(engineFile, [], {
    execPath: process.execPath,
    execArgv: [],
    serialization: 'advanced',
    // A group of its own: Ctrl-C in the terminal reaches this program only, which then asks the engine to stop.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
  });
  const receivers: ((text: string) => void)[] = [];
  const say = (text: string) => {
    for (const receive of receivers) receive(text);
  };
  const printed = [child.stdout, child.stderr].map((stream) => {
    stream?.setEncoding('utf8');
    stream?.on('data', say);
    return new Promise<void>((resolve) => {
      if (stream === null) resolve();
      else stream.once('close', resolve);
    });
  });
  // (child_process's own event for the end of all output, `close`, never comes after the parent has disconnected.)
  const exited = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error) => {
      say(error.message);
      resolve({ exitCode: null, signal: null });
    });
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  return {
    send: (message) => {
      if (child.connected) child.send(message);
    },
    onMessage: (receive) => child.on('message', (message: FromEngine) => receive(message)),
    onOutput: (receive) => void receivers.push(receive),
    ended: exited.then(async (end) => {
      await Promise.all(printed);
      return end;
    }),
    disconnect: () => {
      if (child.connected) child.disconnect();
    },
    kill: () => void child.kill('SIGKILL'),
  };
};
