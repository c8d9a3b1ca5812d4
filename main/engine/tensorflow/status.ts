import { WorkbenchError } from '#contract/errors.ts';
import type { Pointer, TensorflowApi } from './c-api.ts';

/** TF_RESOURCE_EXHAUSTED: an allocation failed. */
const resourceExhausted = 8;

/** Throws TensorFlow's error as ours, where `status` holds one. `what` says what was being done. */
export function checkStatus(
  api: TensorflowApi,
  status: Pointer,
  what: string,
  details: Record<string, unknown> = {},
): void {
  const code = api.TF_GetCode(status);
  if (code === 0) return;
  const reason = api.TF_Message(status);
  if (code === resourceExhausted) {
    const message = `The memory is full: TensorFlow could not ${what}. Choose a smaller --batch-size or close other programs. (${reason})`;
    throw new WorkbenchError('out-of-memory', message, { ...details, code, reason });
  }
  throw new WorkbenchError('tensorflow', `TensorFlow could not ${what}: ${reason}`, {
    ...details,
    code,
    reason,
  });
}

/** Gives `use` a status of its own, checks it afterwards and frees it on every path. */
export function withStatus<T>(
  api: TensorflowApi,
  what: string,
  use: (status: Pointer) => T,
  details?: Record<string, unknown>,
): T {
  const status = api.TF_NewStatus();
  try {
    const result = use(status);
    checkStatus(api, status, what, details);
    return result;
  } finally {
    api.TF_DeleteStatus(status);
  }
}
