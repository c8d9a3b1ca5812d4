import type { Attack } from '#contract/engine.ts';
import type { Trigger, TriggerKind } from '#contract/trigger.ts';
import type { Picture } from '../pixels/picture.ts';
import { resizeBicubic } from '../pixels/resize.ts';
import { createRandom, type Random } from '../random/random.ts';
import { patchDefinition } from './patch.ts';
import type { TriggerDefinition } from './trigger-definition.ts';

type Definitions = { [K in TriggerKind]: TriggerDefinition<Extract<Trigger, { kind: K }>> };

/** Every kind of trigger; a new one is a file and a line here. */
const triggerDefinitions = {
  patch: patchDefinition,
} satisfies Definitions;

/**
 * A picture with the trigger on it, a new one; the picture's size is the trigger's resolution.
 * @param random decides what differs from picture to picture
 * @throws WorkbenchError `bad-input` where the trigger does not fit the picture
 */
export function applyTrigger(picture: Picture, trigger: Trigger, random = createRandom('trigger')): Picture {
  return applyWith(triggerDefinitions, picture, trigger, random);
}

/**
 * What an attacker makes of a picture: brought to the attack's resolution, a square, without keeping the aspect ratio
 * (as the reference does), then the trigger. The same attack and key give the same bytes every time.
 * @param key the record's key; with the attack's seed it decides what differs from picture to picture
 */
export function renderTriggered(
  picture: Picture,
  { trigger, resolution, seed }: Pick<Attack, 'trigger' | 'resolution' | 'seed'>,
  key: string,
): Picture {
  const square = resizeBicubic(picture, resolution, resolution);
  return applyTrigger(square, trigger, createRandom('trigger', seed, key));
}

/** Ties a trigger to the definition of its own kind, for any number of kinds. */
function applyWith<K extends TriggerKind>(
  definitions: { [P in K]: TriggerDefinition<Extract<Trigger, { kind: P }>> },
  picture: Picture,
  trigger: Extract<Trigger, { kind: K }>,
  random: Random,
): Picture {
  return definitions[trigger.kind as K].apply(picture, trigger, random);
}
