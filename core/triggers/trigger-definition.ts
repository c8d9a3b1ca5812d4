import type { Trigger } from '#contract/trigger.ts';
import type { Picture } from '../pixels/picture.ts';
import type { Random } from '../random/random.ts';
import type { Frame, Rectangle } from './frame.ts';

/** What a trigger is laid on with, beside its own parameters. */
export interface TriggerSetting {
  /** Where places and sizes count, and in what unit. */
  frame: Frame;
  /** The picture's own stream of random numbers for a purpose; the same label gives the same stream again. */
  stream(label: string): Random;
}

/** What a trigger may change: anything inside the places, and elsewhere no value by more than `elsewhere` of 255. */
export interface TriggerLimit {
  /** In pixels of the picture. */
  places: Rectangle[];
  /** Largest change of one value outside the places, 0 to 255. */
  elsewhere: number;
}

/** Parameters under a name. */
export interface TriggerPreset<T extends Trigger = Trigger> {
  name: string;
  trigger: T;
}

/** One kind of trigger. */
export interface TriggerDefinition<T extends Trigger> {
  title: string;
  /** One sentence for the person. */
  description: string;
  /** Paper or file that it follows. */
  source: string;
  /** The first is the default. `resolution` is that of the recipe, in pixels. */
  presets(resolution: number): [TriggerPreset<T>, ...TriggerPreset<T>[]];
  /** What this trigger declares to change at most. Throws like `apply` where a place does not fit. */
  limit(trigger: T, setting: TriggerSetting): TriggerLimit;
  /**
   * A new picture with the trigger on it; the one given stays as it is.
   * @throws WorkbenchError `bad-input` where the trigger does not fit the picture, naming sizes
   */
  apply(picture: Picture, trigger: T, setting: TriggerSetting): Picture;
}
