import { type ErrorKind, errorKinds, fromWireError, WorkbenchError } from '#contract/errors.ts';

/** What an oRPC error carries: `data` is a WireError where the workbench threw it. */
interface CarriedError {
  status?: unknown;
  message?: unknown;
  data?: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isErrorKind = (value: unknown): value is ErrorKind => errorKinds.some((kind) => kind === value);

/**
 * Any error of a call as a WorkbenchError, whose kind decides what the screen offers and whose message is shown.
 * A host that does not answer gives `unavailable`; a link that is no longer valid gives `unavailable` with
 * details.session = true, a host that does not answer details.host = 'gone'.
 */
export function toProblem(thrown: unknown): WorkbenchError {
  if (thrown instanceof WorkbenchError) return thrown;
  if (!isObject(thrown)) return new WorkbenchError('internal', String(thrown));
  const carried: CarriedError = thrown;
  const data = carried.data;
  if (isObject(data) && isErrorKind(data.kind) && typeof data.message === 'string') {
    return fromWireError({
      kind: data.kind,
      message: data.message,
      details: isObject(data.details) ? data.details : {},
    });
  }
  if (carried.status === 401 || carried.status === 403) {
    return new WorkbenchError(
      'unavailable',
      'This window’s link is no longer valid, since the workbench was started again. Open the link that it printed.',
      { session: true },
      { cause: thrown },
    );
  }
  if (thrown instanceof TypeError) {
    return new WorkbenchError(
      'unavailable',
      'The workbench does not answer. If it was closed, start it again with npm start; this window goes on by itself.',
      { host: 'gone' },
      { cause: thrown },
    );
  }
  const message = typeof carried.message === 'string' ? carried.message : 'The call failed.';
  return new WorkbenchError('internal', message, isObject(data) ? data : {}, { cause: thrown });
}

/** Whether an error only says that the caller gave up waiting (a screen was left). */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}

/** Whether a call failed since there is no host to answer it: it may be made again once there is. */
export function isHostGone(thrown: unknown): thrown is WorkbenchError {
  return (
    thrown instanceof WorkbenchError && (thrown.details.host === 'gone' || thrown.details.session === true)
  );
}
