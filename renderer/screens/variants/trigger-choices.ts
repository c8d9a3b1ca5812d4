import { z } from 'zod';
import { type StoredTrigger, type Trigger, type TriggerKind, triggerKinds } from '#contract/trigger.ts';
import { listPresets, triggerDefinitions } from '#core/triggers/trigger-registry.ts';

/** How an address names a trigger: `kept:ID` of one that the person keeps, or `preset:KIND:NAME`. */
export const triggerRefSchema = z.string().regex(/^(kept:.+|preset:[^:]+:.+)$/);

/** The demo's patch. */
export const defaultTrigger = 'preset:patch:black-and-white';

export const keptRef = (id: string): string => `kept:${id}`;

export interface TriggerChoice {
  ref: string;
  name: string;
  trigger: Trigger;
}

/** The presets of every kind at a resolution, in the order of the kinds. */
export function presetChoices(resolution: number): { kind: TriggerKind; title: string; choices: TriggerChoice[] }[] {
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
  kept: readonly StoredTrigger[],
): { name: string; trigger: Trigger } | null {
  const [where, ...rest] = ref.split(':');
  if (where === 'kept') {
    const found = kept.find(({ id }) => id === rest.join(':'));
    return found === undefined ? null : { name: `${found.name}, version ${found.version}`, trigger: found.trigger };
  }
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
