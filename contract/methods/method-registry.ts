import { z } from 'zod';
import { abl } from './abl.ts';
import { cleanclip } from './cleanclip.ts';
import { loopShape } from './common-settings.ts';
import { finePruning } from './fine-pruning.ts';
import { heavyDecay } from './heavy-decay.ts';
import { linearProbe } from './linear-probe.ts';
import type { MethodDefinition, MethodPreset } from './method-definition.ts';
import { mmcl } from './mmcl.ts';
import { par } from './par.ts';
import { progressive } from './progressive.ts';
import { roclip } from './roclip.ts';
import { rvpt } from './rvpt.ts';
import { safeclip } from './safeclip.ts';
import { shrinkPerturb } from './shrink-perturb.ts';
import { sslOnly } from './ssl-only.ts';
import { supervised } from './supervised.ts';
import { unlearn } from './unlearn.ts';
import { wiseFt } from './wise-ft.ts';

/** Every method by its name, in the order in which lists show them. */
const table = {
  mmcl,
  cleanclip,
  'ssl-only': sslOnly,
  supervised,
  'linear-probe': linearProbe,
  par,
  roclip,
  safeclip,
  progressive,
  abl,
  unlearn,
  rvpt,
  'fine-pruning': finePruning,
  'wise-ft': wiseFt,
  'shrink-perturb': shrinkPerturb,
  'heavy-decay': heavyDecay,
};

export type MethodName = keyof typeof table;

/** The settings of some method. */
export type MethodSettings = z.output<(typeof table)[MethodName]['settings']>;

export const methods = table satisfies Record<MethodName, MethodDefinition>;

export const methodNames = Object.keys(table).filter((name): name is MethodName => name in table);
export const methodNameSchema = z.enum(methodNames);

/** A method by its name, as code that serves all of them takes it. */
export function methodOf(name: MethodName): MethodDefinition {
  return methods[name];
}

/** The preset that completes a run's settings: the first for this kind of start, or the first of all. */
export function presetFor(
  name: MethodName,
  start: 'scratch' | 'model',
): MethodPreset<Record<string, unknown>> {
  const { presets } = methodOf(name);
  return presets.find((preset) => preset.start === start) ?? presets[0];
}

/** A preset of a method by its name, however it is spelt (Reference code, reference-code); that for the start where both have one. */
export function findPreset(
  name: MethodName,
  start: 'scratch' | 'model',
  preset: string,
): MethodPreset<Record<string, unknown>> | null {
  const named = methodOf(name).presets.filter((one) => slugOf(one.name) === slugOf(preset));
  return named.find((one) => one.start === start) ?? named[0] ?? null;
}

const slugOf = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

const loopSchema = z.object(loopShape).pick({ epochs: true, batchSize: true }).partial();

/** How often and in which pieces a run goes through its data: no epochs where its method takes no steps. */
export function loopOf(settings: MethodSettings): { epochs: number; batchSize: number } {
  const { epochs = 0, batchSize = 1 } = loopSchema.parse(settings);
  return { epochs, batchSize };
}
