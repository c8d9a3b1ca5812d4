import type { DeviceName } from '#contract/devices/index.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { RunEnvironment } from '#contract/run.ts';
import { inBackground } from '../background.ts';
import { type Engine, startEngine } from './engine-client.ts';
import { type EngineLauncher, launchChildProcess } from './engine-process.ts';
import { startChosenEngine } from './queue.ts';

export interface EngineHostOptions {
  /** How the process is started; left out: as a child process. */
  launch?: EngineLauncher | undefined;
  /** Environment variables for a process that is started now, besides this program's. */
  environment?(): Readonly<Record<string, string>>;
  /** An engine that nothing needed for this long ends: it holds memory, on a GPU too. */
  idleMs: number;
  /** Called when its state changed. */
  changed?(): void;
}

export interface EngineHostStatus {
  state: 'off' | 'starting' | 'ready' | 'refused';
  environment: Omit<RunEnvironment, 'program'> | null;
  /** Why it could not be started, or what was taken in place of TensorFlow. */
  message: string | null;
}

/** One engine that is started when needed, kept while it may be needed again, and replaced once it is gone. */
export interface EngineHost {
  /** The engine on this device; null leaves the device to the machine. It is kept until {@link EngineHost.rest}. */
  start(device: DeviceName | null): Promise<Engine>;
  /** Nothing needs the engine for now: it ends by itself unless it is needed again soon. */
  rest(): void;
  status(): EngineHostStatus;
  /** Ends the engine, one that is being started too. A later start begins anew. */
  close(): Promise<void>;
}

export function createEngineHost(options: EngineHostOptions): EngineHost {
  const { launch = launchChildProcess, environment = () => ({}), idleMs, changed = () => {} } = options;
  let current: { engine: Engine; device: DeviceName | null } | null = null;
  let last: Promise<void> = Promise.resolve();
  let isStarting = false;
  let idle: NodeJS.Timeout | null = null;
  let message: string | null = null;
  let refused = false;

  const keep = () => {
    if (idle !== null) clearTimeout(idle);
    idle = null;
  };

  const stop = async () => {
    keep();
    const engine = current?.engine;
    current = null;
    await engine?.close();
    changed();
  };

  const begin = async (device: DeviceName | null): Promise<Engine> => {
    if (current !== null && current.device !== device && current.engine.environment.deviceName !== device)
      await stop();
    if (current !== null) return current.engine;
    isStarting = true;
    refused = false;
    message = null;
    changed();
    const said: string[] = [];
    try {
      const engine = await startChosenEngine(
        { device, reporter: { say: (text) => void said.push(text), progress: () => {} } },
        (how) => startEngine({ ...how, launch: (own) => launch({ ...own, ...environment() }) }),
      );
      current = { engine, device };
      void engine.ended.then(() => {
        if (current?.engine !== engine) return;
        current = null;
        changed();
      });
      return engine;
    } catch (error) {
      refused = true;
      said.push(error instanceof WorkbenchError ? error.message : String(error));
      throw error;
    } finally {
      isStarting = false;
      message = said.length === 0 ? null : said.join(' ');
      changed();
    }
  };

  return {
    start(device) {
      keep();
      // One after the other: two that start at once would leave one engine that nobody knows.
      const turn = last.then(() => begin(device));
      last = turn.then(
        () => {},
        () => {},
      );
      return turn;
    },
    rest() {
      keep();
      if (current === null) return;
      idle = setTimeout(() => inBackground('Ending the engine', stop, () => {}), idleMs);
      idle.unref();
    },
    status() {
      const off = refused ? 'refused' : 'off';
      return {
        state: isStarting ? 'starting' : current === null ? off : 'ready',
        environment: current?.engine.environment ?? null,
        message,
      };
    },
    async close() {
      await last;
      await stop();
    },
  };
}
