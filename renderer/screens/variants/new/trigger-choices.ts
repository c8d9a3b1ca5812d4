import { z } from 'zod';
import type { StoredTriggerView } from '#contract/api/triggers.ts';
import { type Trigger, type TriggerKind, triggerKinds } from '#contract/trigger.ts';
import { listPresets, triggerDefinitions } from '#core/triggers/trigger-registry.ts';

/** How an address names a trigger: `kept:ID` of one that the person keeps, or `preset:KIND:NAME`. */
export const triggerRefSchema = z.string().regex(/^(kept:.+|preset:[^:]+:.+)$/);

/** The demo's patch. */
export const defaultTrigger = 'preset:patch:demo';

export const keptRef = (id: string): string => `kept:${id}`;

/** The id of a trigger that the person keeps; null for a preset. */
export const keptId = (ref: string): string | null =>
  ref.startsWith('kept:') ? ref.slice('kept:'.length) : null;

export interface TriggerChoice {
  ref: string;
  name: string;
  trigger: Trigger;
}

/** The presets of every kind at a resolution, in the order of the kinds. */
export function presetChoices(
  resolution: number,
): { kind: TriggerKind; title: string; choices: TriggerChoice[] }[] {
  return triggerKinds.map((kind) => ({
    kind,
    title: triggerDefinitions[kind].title,
    choices: presetsOf(kind, resolution).map(({ name, trigger }) => ({
      ref: `preset:${kind}:${name}`,
      name: name.replaceAll('-', ' '),
      trigger,
    })),
  }));
}

/** The trigger that a choice names; null where there is none such. */
export function resolveTrigger(
  ref: string,
  resolution: number,
  kept: readonly StoredTriggerView[],
): { name: string; trigger: Trigger } | null {
  const id = keptId(ref);
  if (id !== null) {
    const found = kept.find((one) => one.id === id);
    return found === undefined
      ? null
      : { name: `${found.name}, version ${found.version}`, trigger: found.trigger };
  }
  const [, ...rest] = ref.split(':');
  const kind = triggerKinds.find((one) => one === rest[0]);
  if (kind === undefined) return null;
  const name = rest.slice(1).join(':');
  const preset = presetsOf(kind, resolution).find((one) => one.name === name);
  return preset === undefined ? null : { name: name.replaceAll('-', ' '), trigger: preset.trigger };
}

/** Presets that need more room than the resolution has are left out. */
function presetsOf(kind: TriggerKind, resolution: number) {
  try {
    return listPresets(kind, resolution);
  } catch {
    return [];
  }
}
