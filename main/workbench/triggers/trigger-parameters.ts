import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { type Trigger, type TriggerKind, triggerSchema } from '#contract/trigger.ts';
import { listPresets } from '#core/triggers/trigger-registry.ts';

/**
 * A trigger of a kind from parameters that a person gave: those left out are the default preset's.
 * @param parameters JSON text of an object
 * @throws WorkbenchError `bad-input`, naming the parameter and what it allows
 */
export function readTrigger(kind: TriggerKind, parameters: string, resolution: number): Trigger {
  const given = z.record(z.string(), z.unknown()).safeParse(parseJson(parameters, 'The parameters'));
  if (!given.success) {
    throw new WorkbenchError('bad-input', 'The parameters must be a JSON object such as {"alpha":0.2}.');
  }
  const known = { ...listPresets(kind, resolution)[0].trigger, ...given.data, kind };
  return checkTrigger(known, 'The parameters');
}

/** @throws WorkbenchError `bad-input` where `value` is no trigger; `what` says where it came from */
export function checkTrigger(value: unknown, what: string): Trigger {
  const parsed = triggerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError(
    'bad-input',
    `${what} cannot be read as a trigger: ${describeIssue(parsed.error)}. 'ccw trigger show KIND' lists what each parameter allows.`,
    { issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) },
  );
}

export function describeIssue(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}

/** @throws WorkbenchError `bad-input`; `what` says where the text came from */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError('bad-input', `${what} cannot be read as JSON: ${reason}.`, {}, { cause });
  }
}
