import { WorkbenchError } from '#contract/errors.ts';
import { findPreset, type MethodName, methodOf, presetFor } from '#contract/methods/method-registry.ts';
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
  /** What is left out is taken from; left out: the first for the start. */
  preset?: string;
  settings?: Record<string, unknown>;
  selection?: Partial<PairSelection>;
  seed?: number;
  /** Takes the fraction of the pairs that a repair by the method's preset is given, in place of all. */
  repairs?: boolean;
}

/**
 * Completes a configuration from the method's preset for its start, or from the one that is named.
 * @throws WorkbenchError `bad-input` for settings that the method does not have, or out of range, by name; for a preset
 *   that it does not have
 */
export function completeConfig(request: PartialConfig): RunConfig {
  const { start, data, method, settings = {}, selection = {}, seed = 0, repairs = false } = request;
  const preset = choosePreset(request);
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

function choosePreset({ start, method, preset }: PartialConfig) {
  if (preset === undefined) return presetFor(method, start.kind);
  const found = findPreset(method, start.kind, preset);
  if (found !== null) return found;
  const { presets } = methodOf(method);
  throw new WorkbenchError(
    'bad-input',
    `The method ${method} has no preset '${preset}'. It has: ${[...new Set(presets.map(({ name }) => name))].join(', ')}.`,
    { method, preset },
  );
}
