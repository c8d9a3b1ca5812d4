/** What can go wrong, as a person and a program both can tell apart. */
export const errorKinds = [
  'bad-input', // an argument, file, row or field is not what it should be
  'not-found', // a name, id, file or folder does not exist
  'conflict', // a name is taken, or the thing is in a state that forbids this
  'busy', // another program holds the workspace's queue
  'newer-database', // the workspace was written by a newer program
  'corrupt-file', // a file is truncated, of another format, or its hash differs
  'unavailable', // something this machine lacks (a backend, Python, a network)
  'storage', // a disk is full, can only be read, or fails
  'cancelled', // the person asked to stop
  'engine-ended', // the engine's process ended before its job did
  'out-of-memory', // a computation needs more memory than the device has
  'tensorflow', // TensorFlow refused an operation
  'recording', // a step cannot be recorded as a graph
  'internal', // a fault of ours
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/** An error as it crosses a process boundary. `message` tells the person what to do next. */
export interface WireError {
  kind: ErrorKind;
  message: string;
  details: Record<string, unknown>;
}

/** The one error type of the workbench: a literal kind, a message for the person, details for programs. */
export class WorkbenchError extends Error {
  readonly kind: ErrorKind;
  readonly details: Record<string, unknown>;

  constructor(
    kind: ErrorKind,
    message: string,
    details: Record<string, unknown> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'WorkbenchError';
    this.kind = kind;
    this.details = details;
  }
}

/** Any thrown value as it crosses a boundary; what is not ours becomes kind `internal`, with its stack. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof WorkbenchError) {
    return { kind: thrown.kind, message: thrown.message, details: thrown.details };
  }
  if (thrown instanceof Error) {
    return { kind: 'internal', message: thrown.message, details: { stack: thrown.stack ?? '' } };
  }
  return { kind: 'internal', message: String(thrown), details: {} };
}

/** The other end of {@link toWireError}. */
export function fromWireError(wire: WireError): WorkbenchError {
  return new WorkbenchError(wire.kind, wire.message, wire.details);
}
