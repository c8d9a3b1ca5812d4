import { ORPCError } from '@orpc/server';
import { type ErrorKind, toWireError, type WireError } from '#contract/errors.ts';
import { type Issue, issuesWords } from '#contract/issue-words.ts';
import { explainError } from '#main/data/explain-error.ts';
import { forWindow } from './window-words.ts';

const statuses = {
  'bad-input': 400,
  'not-found': 404,
  conflict: 409,
  busy: 409,
  'newer-database': 409,
  'corrupt-file': 422,
  unavailable: 503,
  storage: 507,
  cancelled: 409,
  'engine-ended': 500,
  'out-of-memory': 507,
  tensorflow: 500,
  recording: 500,
  internal: 500,
} as const satisfies Record<ErrorKind, number>;

/** Any error as it crosses to a window: code and status by kind, `data` is the WireError. */
export function toApiError(thrown: unknown): ORPCError<string, WireError> {
  const wire = readWire(thrown);
  return new ORPCError(wire.kind.replaceAll('-', '_').toUpperCase(), {
    status: statuses[wire.kind],
    message: wire.message,
    data: wire,
    cause: thrown,
  });
}

export function statusOf(thrown: unknown): { status: number; wire: WireError } {
  const wire = readWire(thrown);
  return { status: statuses[wire.kind], wire };
}

/** A call that was under way when the program ended: better-sqlite3 says so of the workspace's database. */
const isClosing = (thrown: unknown): boolean =>
  thrown instanceof TypeError && thrown.message === 'The database connection is not open';

function readWire(thrown: unknown): WireError {
  // A window takes that as a host that does not answer, and asks again once there is one.
  if (isClosing(thrown))
    return { kind: 'unavailable', message: 'The workbench is closing.', details: { host: 'gone' } };
  if (!(thrown instanceof ORPCError)) {
    const wire = toWireError(explainError(thrown));
    return { ...wire, message: forWindow(wire.message) };
  }
  // oRPC's own: input that the contract does not allow, an unknown procedure, a body that is too large.
  if (thrown.status === 404) return { kind: 'not-found', message: 'There is no such call.', details: {} };
  if (thrown.status >= 500) return { kind: 'internal', message: causeOf(thrown), details: {} };
  return { kind: 'bad-input', message: describeIssues(thrown), details: { issues: issuesOf(thrown) } };
}

function issuesOf({ data }: { data?: unknown }): Issue[] {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return [];
  return data.issues.filter((issue): issue is Issue => typeof issue?.message === 'string');
}

function describeIssues(error: ORPCError<string, unknown>): string {
  const issues = issuesOf(error);
  return issues.length === 0 ? error.message : issuesWords(issues);
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
