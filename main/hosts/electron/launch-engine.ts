import { join } from 'node:path';
import { utilityProcess } from 'electron';
import type { FromEngine } from '#contract/engine.ts';
import type { EngineLauncher, ProcessEnd } from '#main/workbench/engine/engine-process.ts';

/** The engine's bundle beside this one (electron.vite.config.ts). */
const engineFile = join(import.meta.dirname, 'engine.js');

/** An engine as Electron's utility process. */
export const launchUtilityProcess: EngineLauncher = (environment) => {
  const child = utilityProcess.fork(engineFile, [], {
    serviceName: 'CleanCLIP engine',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let killed = false;
  let gone = false;
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code) => {
      gone = true;
      resolve({ exitCode: killed ? null : code, signal: killed ? 'SIGKILL' : null });
    });
  });
  const kill = () => {
    if (gone) return;
    killed = true;
    // utilityProcess's own kill is a polite one, which a busy engine does not hear.
    if (child.pid === undefined || !signal(child.pid)) child.kill();
  };
  return {
    send: (message) => {
      if (!gone) child.postMessage(message);
    },
    onMessage: (receive) => void child.on('message', (message: FromEngine) => receive(message)),
    onOutput: (receive) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (data: Buffer) => receive(data.toString('utf8')));
      }
    },
    ended,
    // A utility process has no connection to end: the engine keeps nothing that is not on disk.
    disconnect: kill,
    kill,
  };
};

function signal(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
