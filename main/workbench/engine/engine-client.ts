import type { DeviceName } from '#contract/devices/index.ts';
import {
  type EngineJob,
  engineDeviceVariable,
  type FromEngine,
  type JobResults,
  type ToEngine,
} from '#contract/engine.ts';
import { fromWireError, WorkbenchError } from '#contract/errors.ts';
import type { MetricPoint, RunEnvironment } from '#contract/run.ts';
import { withoutChatter } from './engine-output.ts';
import {
  type EngineLauncher,
  type EngineProcess,
  launchChildProcess,
  type ProcessEnd,
} from './engine-process.ts';

/** How much of what the engine printed is kept, to say why it ended. */
const keptOutputCharacters = 4_000;

/** How a person stops a job: `gentle` asks the engine to stop at the next step, `hard` ends its process. */
export interface Interrupt {
  gentle: AbortSignal;
  hard: AbortSignal;
}

/** What a job reports while it runs; each is called in the order of the engine's messages. */
export interface JobHandlers {
  progress?: (phase: string, done: number, total: number) => void;
  metrics?: (step: number, points: MetricPoint[]) => void;
  checkpoint?: (checkpoint: Extract<FromEngine, { type: 'checkpoint' }>) => void;
  log?: (text: string) => void;
}

/** How a job ended when nothing went wrong. */
export type JobOutcome<K extends keyof JobResults> =
  | { state: 'done'; result: JobResults[K] }
  /** Stopped because it was asked to; `step` is where its checkpoint is. */
  | { state: 'stopped'; step: number };

export interface Engine {
  readonly pid: number;
  readonly environment: Omit<RunEnvironment, 'program'>;
  /** Resolves once the process is gone, whoever ended it. */
  readonly ended: Promise<void>;
  /**
   * Runs one job; one at a time. Rejects with the engine's own error where the job failed, and with kind
   * `engine-ended` (details: exitCode, signal, output) where the process ended before the job did.
   */
  run<K extends keyof JobResults>(
    job: Extract<EngineJob, { kind: K }>,
    handlers?: JobHandlers,
    interrupt?: Interrupt,
  ): Promise<JobOutcome<K>>;
  /** Ends the process and waits until it is gone. */
  close(): Promise<void>;
}

interface RunningJob {
  id: string;
  kind: keyof JobResults;
  handlers: JobHandlers;
  resolve(outcome: JobOutcome<keyof JobResults>): void;
  reject(error: unknown): void;
}

/**
 * Starts an engine process on `device` and waits until the device is loaded.
 * @throws WorkbenchError the engine's own error where it refuses the device; `engine-ended` where it dies first.
 */
export async function startEngine(options: {
  device: DeviceName;
  /** How the process is started; left out: as a child process. */
  launch?: EngineLauncher;
}): Promise<Engine> {
  const { device, launch = launchChildProcess } = options;
  const child = launch({
    TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
    [engineDeviceVariable]: device,
  });
  const ended = watchEnd(child);
  const ready = await new Promise<Extract<FromEngine, { type: 'ready' }>>((resolve, reject) => {
    child.onMessage((message) => {
      if (message.type === 'ready') resolve(message);
      else if (message.type === 'refused') reject(fromWireError(message.error));
    });
    ended.then((end) => reject(endError(end, ' while starting')));
  });
  return createEngine(child, ready, ended);
}

function createEngine(
  child: EngineProcess,
  ready: Extract<FromEngine, { type: 'ready' }>,
  ended: Promise<EngineEnd>,
): Engine {
  let running: RunningJob | null = null;
  let jobs = 0;
  let end: EngineEnd | null = null;

  child.onMessage((message) => {
    if (running === null) return;
    try {
      running = deliver(running, message);
      if (message.type === 'failed' && message.error.details.endsEngine === true) child.kill();
    } catch (error) {
      // A handler failed, for instance to write to the database: the job cannot go on unrecorded.
      running?.reject(error);
      running = null;
      child.kill();
    }
  });
  ended.then((how) => {
    end = how;
    running?.reject(endError(how, '', running.kind === 'train' ? 'training' : 'engine'));
    running = null;
  });

  const send = (message: ToEngine) => child.send(message);

  return {
    pid: ready.pid,
    environment: ready.environment,
    ended: ended.then(() => {}),
    async run<K extends keyof JobResults>(
      job: Extract<EngineJob, { kind: K }>,
      handlers: JobHandlers = {},
      interrupt?: Interrupt,
    ): Promise<JobOutcome<K>> {
      if (end !== null) throw endError(end, ' before its job began');
      if (running !== null) throw new WorkbenchError('internal', 'The engine already has a job.');
      jobs += 1;
      const jobId = `job-${jobs}`;
      const stop = () => send({ type: 'stop', jobId });
      const kill = () => child.kill();
      const outcome = new Promise<JobOutcome<keyof JobResults>>((resolve, reject) => {
        running = { id: jobId, kind: job.kind, handlers, resolve, reject };
      });
      send({ type: 'start', jobId, job });
      interrupt?.gentle.addEventListener('abort', stop);
      interrupt?.hard.addEventListener('abort', kill);
      if (interrupt?.gentle.aborted) stop();
      if (interrupt?.hard.aborted) kill();
      try {
        return (await outcome) as JobOutcome<K>;
      } finally {
        interrupt?.gentle.removeEventListener('abort', stop);
        interrupt?.hard.removeEventListener('abort', kill);
      }
    },
    async close() {
      child.disconnect();
      const forced = setTimeout(() => child.kill(), 5_000);
      await ended;
      clearTimeout(forced);
    },
  };
}

/** Hands one message to the job it belongs to. @returns the job, or null once it is over. */
function deliver(job: RunningJob, message: FromEngine): RunningJob | null {
  if (!('jobId' in message) || message.jobId !== job.id) return job;
  switch (message.type) {
    case 'progress':
      job.handlers.progress?.(message.phase, message.done, message.total);
      return job;
    case 'metrics':
      job.handlers.metrics?.(message.step, message.points);
      return job;
    case 'checkpoint':
      job.handlers.checkpoint?.(message);
      return job;
    case 'log':
      job.handlers.log?.(message.text);
      return job;
    case 'stopped':
      job.resolve({ state: 'stopped', step: message.step });
      return null;
    case 'failed':
      job.reject(fromWireError(message.error));
      return null;
    case 'done':
      if (message.kind === job.kind) job.resolve({ state: 'done', result: message.result });
      else
        job.reject(new WorkbenchError('internal', `The engine answered ${job.kind} with ${message.kind}.`));
      return null;
  }
}

interface EngineEnd extends ProcessEnd {
  /** The last of what the process printed. */
  output: string;
}

async function watchEnd(child: EngineProcess): Promise<EngineEnd> {
  let output = '';
  child.onOutput((text) => {
    output = (output + text).slice(-keptOutputCharacters);
  });
  const end = await child.ended;
  return { ...end, output: output.trim() };
}

function endError(end: EngineEnd, when: string, name = 'engine'): WorkbenchError {
  const how =
    end.signal !== null
      ? `was killed${end.signal === 'SIGKILL' ? '' : ` (${end.signal})`}`
      : end.exitCode !== null
        ? `ended with exit code ${end.exitCode}`
        : 'could not be started';
  const lessMemory = 'the memory ran out: choose a smaller batch size, or close other programs.';
  // Node and V8 say so as they end, a part of it that needs room for itself too.
  const saysMemory = /out of memory|cannot allocate|bad_alloc/i.test(end.output);
  const told = saysMemory ? ` By what it printed ${lessMemory}` : '';
  const advice = end.signal === 'SIGKILL' ? ` Where nobody did that, ${lessMemory}` : told;
  const last = withoutChatter(end.output);
  const printed = last === '' ? '' : ` It printed last:\n${last}`;
  return new WorkbenchError('engine-ended', `The ${name} process ${how}${when}.${advice}${printed}`, {
    ...end,
  });
}
