import { WorkbenchError } from '#contract/errors.ts';
import { type MethodName, presetFor } from '#contract/methods/method-registry.ts';
import {
  type PairSelection,
  type RunConfig,
  type RunData,
  type RunStart,
  runConfigSchema,
} from '#contract/run.ts';

/** A configuration of which only what a person chose is given. */
export interface PartialConfig {
  start: RunStart;
  data: Pick<RunData, 'kind' | 'id' | 'changedPictures'>;
  method: MethodName;
  settings?: Record<string, unknown>;
  selection?: Partial<PairSelection>;
  seed?: number;
  /** Takes the fraction of the pairs that a repair by the method's preset is given, in place of all. */
  repairs?: boolean;
}

/**
 * Completes a configuration from the method's preset for its start.
 * @throws WorkbenchError `bad-input` for settings that the method does not have, or out of range, by name
 */
export function completeConfig(request: PartialConfig): RunConfig {
  const { start, data, method, settings = {}, selection = {}, seed = 0, repairs = false } = request;
  const preset = presetFor(method, start.kind);
  const parsed = runConfigSchema.safeParse({
    start,
    data: {
      ...data,
      selection: { fraction: repairs ? preset.fraction : 1, withoutPoisoned: false, ...selection },
    },
    method,
    settings: { ...preset.settings, ...settings },
    seed,
  });
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new WorkbenchError('bad-input', `Some settings are not valid. ${reasons.join('; ')}.`, {
    issues: reasons,
  });
}
