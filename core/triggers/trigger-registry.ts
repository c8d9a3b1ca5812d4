import type { Attack } from '#contract/engine.ts';
import type { Trigger, TriggerKind } from '#contract/trigger.ts';
import type { Picture } from '../pixels/picture.ts';
import { resizeBicubic } from '../pixels/resize.ts';
import { createRandom } from '../random/random.ts';
import { centreFrame, wholeFrame } from './frame.ts';
import { compositionDefinition } from './kinds/composition.ts';
import { simpleDefinitions } from './kinds/simple-triggers.ts';
import { applyLayer, isVisible, limitLayer } from './layer.ts';
import type { TriggerDefinition, TriggerLimit, TriggerPreset, TriggerSetting } from './trigger-definition.ts';

type Definitions = { [K in TriggerKind]: TriggerDefinition<Extract<Trigger, { kind: K }>> };

/** Every kind of trigger. */
export const triggerDefinitions = {
  ...simpleDefinitions,
  composition: compositionDefinition,
} satisfies Definitions;

/** The recipe's part that decides what happens to a picture. */
export type TriggerAttack = Pick<Attack, 'trigger' | 'resolution' | 'seed'>;

/**
 * A picture with the trigger on it, a new one; the picture's size is the trigger's resolution.
 * @param seed decides what differs from picture to picture
 * @throws WorkbenchError `bad-input` where the trigger does not fit the picture
 */
export function applyTrigger(
  picture: Picture,
  trigger: Trigger,
  seed: readonly (string | number)[] = [],
): Picture {
  return applyWith(triggerDefinitions, picture, trigger, {
    frame: wholeFrame(picture),
    stream: (label) => createRandom('trigger', ...seed, label),
  });
}

/**
 * What an attacker makes of a picture. The same attack and key give the same bytes every time.
 *
 * A trigger that applies `after` (the default): the picture is brought to the attack's resolution, a square, without
 * keeping the aspect ratio (as the reference does), then the trigger. One that applies `before`: the trigger on the
 * picture as it is; places and sizes count in its centre square, which measures `resolution` units a side.
 *
 * @param key the record's key; with the attack's seed it decides what differs from picture to picture
 * @throws WorkbenchError `bad-input` where the trigger does not fit the resolution
 */
export function renderTriggered(picture: Picture, attack: TriggerAttack, key: string): Picture {
  const { trigger, resolution } = attack;
  const before = trigger.apply === 'before';
  const ground = before ? picture : resizeBicubic(picture, resolution, resolution);
  return applyWith(triggerDefinitions, ground, trigger, settingOf(ground, attack, key));
}

/**
 * What the trigger of an attack declares to change at most on a picture, in pixels of what {@link renderTriggered}
 * gives.
 */
export function limitTrigger(
  picture: { width: number; height: number },
  attack: TriggerAttack,
  key: string,
): TriggerLimit {
  const { trigger, resolution } = attack;
  const ground = trigger.apply === 'before' ? picture : { width: resolution, height: resolution };
  return limitWith(triggerDefinitions, trigger, settingOf(ground, attack, key));
}

/** Presets of a kind; the first is the default. */
export function listPresets(kind: TriggerKind, resolution: number): [TriggerPreset, ...TriggerPreset[]] {
  return triggerDefinitions[kind].presets(resolution);
}

function settingOf(
  ground: { width: number; height: number },
  { trigger, resolution, seed }: TriggerAttack,
  key: string,
): TriggerSetting {
  return {
    frame: trigger.apply === 'before' ? centreFrame(ground, resolution) : wholeFrame(ground),
    stream: (label) => createRandom('trigger', seed, key, label),
  };
}

/** Ties a trigger to the definition of its own kind, for any number of kinds. */
function applyWith<K extends TriggerKind>(
  definitions: { [P in K]: TriggerDefinition<Extract<Trigger, { kind: P }>> },
  picture: Picture,
  trigger: Extract<Trigger, { kind: K }>,
  setting: TriggerSetting,
): Picture {
  return applyLayer(picture, layerOf(trigger), () =>
    definitions[trigger.kind as K].apply(picture, trigger, setting),
  );
}

function limitWith<K extends TriggerKind>(
  definitions: { [P in K]: TriggerDefinition<Extract<Trigger, { kind: P }>> },
  trigger: Extract<Trigger, { kind: K }>,
  setting: TriggerSetting,
): TriggerLimit {
  return limitLayer(layerOf(trigger), () => definitions[trigger.kind as K].limit(trigger, setting));
}

const layerOf = (trigger: Trigger) => ('layer' in trigger ? trigger.layer : undefined);

/** Whether a trigger changes anything: not every part of it is hidden. */
export function isTriggerVisible(trigger: Trigger): boolean {
  return trigger.kind === 'composition'
    ? trigger.parts.some(({ layer }) => isVisible(layer))
    : isVisible(trigger.layer);
}
