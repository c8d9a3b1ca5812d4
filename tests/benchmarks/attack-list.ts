import type { Trigger, TriggerKind } from '#contract/trigger.ts';
import { listPresets } from '#core/triggers/trigger-registry.ts';

export interface Attack {
  kind: TriggerKind;
  preset: string;
  trigger: Trigger;
}

/**
 * Which presets stand for each kind. The demo's patch rather than the paper's, which is two pixels wide at the demo's
 * resolution; first one of each kind, then further ones.
 */
const chosen = [
  ['patch', 'demo'],
  ['blended', 'fixed-noise'],
  ['sinusoid', 'cleanclip'],
  ['warp', 'reference'],
  ['composition', 'sinusoid-and-patch'],
  ['stripes', 'badnet-stripes'],
  ['triangles', 'blended-triangles'],
  ['text', 'ours-watermark'],
  ['frequency', 'ftrojan'],
  ['colour', 'ours-warm'],
  ['stripes', 'blended-stripes'],
  ['patch', 'paper-noise-per-picture'],
  ['blended', 'paper-noise-per-picture'],
  ['warp', 'wanet'],
] as const satisfies readonly (readonly [TriggerKind, string])[];

/** The attacks of docs/attacks.md at a resolution. @throws Error where a preset is no more */
export function listAttacks(resolution: number): Attack[] {
  return chosen.map(([kind, preset]) => {
    const found = listPresets(kind, resolution).find(({ name }) => name === preset);
    if (found === undefined)
      throw new Error(`There is no preset '${preset}' of ${kind}: choose another in attack-list.ts.`);
    return { kind, preset, trigger: found.trigger };
  });
}
