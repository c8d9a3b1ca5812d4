import type { Trigger } from '#contract/trigger.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';

/** What a preview needs of a recipe. */
export interface TriggerLook {
  trigger: Trigger;
  /** Side of the picture that it is laid on, px. */
  resolution: number;
  seed: number;
}

/** A picture as a variant has it, or why it cannot have it. */
export function previewTriggered(picture: Picture, look: TriggerLook, key: string): Picture | string {
  try {
    return renderTriggered(picture, look, key);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
