import type { SimpleTrigger } from '#contract/trigger.ts';
import type { TriggerDefinition } from '../trigger-definition.ts';
import { blendedDefinition } from './blended.ts';
import { colourDefinition } from './colour.ts';
import { frequencyDefinition } from './frequency.ts';
import { patchDefinition } from './patch.ts';
import { sinusoidDefinition } from './sinusoid.ts';
import { stripesDefinition } from './stripes.ts';
import { textDefinition } from './text.ts';
import { trianglesDefinition } from './triangles.ts';
import { warpDefinition } from './warp.ts';

export type SimpleDefinitions = {
  [K in SimpleTrigger['kind']]: TriggerDefinition<Extract<SimpleTrigger, { kind: K }>>;
};

/** Every kind of trigger that is not made of others; a new one is a file and a line here. */
export const simpleDefinitions = {
  patch: patchDefinition,
  blended: blendedDefinition,
  sinusoid: sinusoidDefinition,
  warp: warpDefinition,
  stripes: stripesDefinition,
  triangles: trianglesDefinition,
  text: textDefinition,
  frequency: frequencyDefinition,
  colour: colourDefinition,
} satisfies SimpleDefinitions;
