import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fromWireError, WorkbenchError } from '#contract/errors.ts';
import { programBeside } from '../files/program-beside.ts';
import { type DecodeAnswer, type DecodeRequest, type DecodeTask, type Made, placeOf } from './decode-task.ts';

/** Tasks that a process has at once: while it decodes one, the file of the next is read. */
const tasksAtOnce = 3;

/** Work that lasts longer than this is shared with another process: starting one takes part of it. */
const shareAfterMs = 1_000;

/** Starting one takes long where a machine is busy or its disk slow, which no picture is to blame for. */
const startMs = 120_000;

/** A process that nothing needed for this long ends. */
const idleMs = 60_000;

export interface DecodePoolOptions {
  /** Processes at most. */
  count: number;
  /** A picture may take as long as this, once its process runs and those before it are done; then that is killed. */
  limitMs: number;
}

/** Processes that decode pictures, and can be ended whatever a decoder does. */
export interface DecodePool {
  /**
   * @throws WorkbenchError as decodePicture; `bad-input` too for a picture that takes longer than the limit, and for one
   *   that ends the process that decodes it
   */
  make<T extends DecodeTask>(task: T): Promise<Made[T['make']]>;
  /** Of the processes that are there now. */
  pids(): number[];
  /** Ends the processes; what was not done fails. */
  close(): void;
}

interface Waiting {
  task: DecodeTask;
  /** It was in a process that ended by itself: it goes into one of its own, so that the guilty one is known. */
  alone: boolean;
  resolve(made: Made[keyof Made]): void;
  reject(error: unknown): void;
}

interface Decoder {
  child: ChildProcess;
  /** In the order in which they were given: the first is the one that may take too long. */
  underWay: Map<number, Waiting>;
  /** It runs, and takes tasks. */
  ready: boolean;
  timer: NodeJS.Timeout | null;
  idle: NodeJS.Timeout | null;
}

/** Starts processes as tasks come. They do not keep this program alive, and end with it. */
export function createDecodePool({ count, limitMs }: DecodePoolOptions): DecodePool {
  const decoders: Decoder[] = [];
  const waiting: Waiting[] = [];
  let nextId = 0;
  let busySince = 0;
  let closed = false;

  const start = (): Decoder => {
    const child = fork(processFile, [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const decoder: Decoder = { child, underWay: new Map(), ready: false, timer: null, idle: null };
    decoders.push(decoder);
    child.on('message', (answer: DecodeAnswer) => {
      if ('ready' in answer) {
        decoder.ready = true;
        watchFirst(decoder);
        return;
      }
      const found = decoder.underWay.get(answer.id);
      if (found === undefined) return;
      const isFirst = found === firstOf(decoder);
      decoder.underWay.delete(answer.id);
      if (isFirst) watchFirst(decoder);
      if ('made' in answer) found.resolve(answer.made);
      // A fault of ours is none of the picture.
      else if (answer.error.kind === 'internal') found.reject(new Error(answer.error.message));
      else found.reject(fromWireError(answer.error));
      next();
      if (decoder.underWay.size === 0) rest(decoder);
    });
    child.once('error', () => lose(decoder));
    child.once('exit', () => lose(decoder));
    return decoder;
  };

  /** Takes a process out of the pool and its tasks back. */
  const takeBack = (decoder: Decoder): Waiting[] => {
    const place = decoders.indexOf(decoder);
    if (place >= 0) decoders.splice(place, 1);
    if (decoder.idle !== null) clearTimeout(decoder.idle);
    const left = [...decoder.underWay.values()];
    decoder.underWay.clear();
    watchFirst(decoder);
    return left;
  };

  const firstOf = ({ underWay }: Decoder): Waiting | undefined => underWay.values().next().value;

  /** Counts the time of the picture that a process has had longest, from now on. */
  const watchFirst = (decoder: Decoder) => {
    if (decoder.timer !== null) clearTimeout(decoder.timer);
    const first = firstOf(decoder);
    const limit = decoder.ready ? limitMs : startMs;
    decoder.timer = first === undefined ? null : setTimeout(() => endSlow(decoder, first, limit), limit);
  };

  /** A process ended by itself. */
  const lose = (decoder: Decoder) => {
    for (const one of takeBack(decoder).reverse()) {
      if (one.alone) one.reject(refuse(one.task, 'it ends the process that decodes it'));
      else waiting.unshift({ ...one, alone: true });
    }
    next();
  };

  const endSlow = (decoder: Decoder, slow: Waiting, limit: number) => {
    for (const one of takeBack(decoder).reverse()) {
      if (one === slow) one.reject(refuse(one.task, `it takes longer than ${limit / 1_000} s`));
      else waiting.unshift(one);
    }
    decoder.child.kill('SIGKILL');
    next();
  };

  const give = (decoder: Decoder, one: Waiting) => {
    const id = nextId++;
    if (decoder.idle !== null) clearTimeout(decoder.idle);
    decoder.idle = null;
    decoder.underWay.set(id, one);
    if (decoder.underWay.size === 1) watchFirst(decoder);
    decoder.child.ref();
    decoder.child.channel?.ref();
    // A process that is gone already is met by its end.
    decoder.child.send({ id, task: one.task } satisfies DecodeRequest, () => {});
  };

  const rest = (decoder: Decoder) => {
    decoder.child.unref();
    decoder.child.channel?.unref();
    decoder.idle ??= setTimeout(() => {
      takeBack(decoder);
      decoder.child.disconnect();
    }, idleMs).unref();
  };

  const choose = ({ alone }: Waiting): Decoder | null => {
    const idlest = decoders.toSorted((a, b) => a.underWay.size - b.underWay.size)[0];
    if (idlest === undefined) return start();
    if (idlest.underWay.size === 0) return idlest;
    if (decoders.length < count && (alone || performance.now() - busySince > shareAfterMs)) return start();
    const isTaken = [...idlest.underWay.values()].some((one) => one.alone);
    return alone || isTaken || idlest.underWay.size >= tasksAtOnce ? null : idlest;
  };

  const next = () => {
    while (!closed && waiting.length > 0) {
      const decoder = choose(waiting[0]!);
      if (decoder === null) return;
      give(decoder, waiting.shift()!);
    }
  };

  return {
    make<T extends DecodeTask>(task: T) {
      return new Promise<Made[T['make']]>((resolve, reject) => {
        if (closed) return reject(new WorkbenchError('cancelled', 'Decoding was closed.'));
        if (decoders.every(({ underWay }) => underWay.size === 0)) busySince = performance.now();
        waiting.push({ task, alone: false, resolve: (made) => resolve(made as Made[T['make']]), reject });
        next();
      });
    },
    pids: () => decoders.flatMap(({ child }) => child.pid ?? []),
    close() {
      closed = true;
      const error = new WorkbenchError('cancelled', 'Decoding was closed.');
      for (const decoder of [...decoders]) {
        for (const one of takeBack(decoder)) one.reject(error);
        decoder.child.kill('SIGKILL');
      }
      for (const one of waiting.splice(0)) one.reject(error);
    },
  };
}

function refuse(task: DecodeTask, why: string): WorkbenchError {
  const path = placeOf(task);
  return new WorkbenchError('bad-input', `${path} cannot be decoded as a picture: ${why}.`, { path });
}

const processFile = fileURLToPath(programBeside('decode-process', import.meta.url));
