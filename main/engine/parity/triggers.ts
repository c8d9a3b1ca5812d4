import path from 'node:path';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import type { Trigger } from '#contract/trigger.ts';
import { encodeBase64, encodeFloats } from '#core/pixels/base64.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { upsampleControl } from '#core/triggers/kinds/warp.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { decodePicture } from '#main/data/pictures/decode-picture.ts';
import { differenceWithin, judge, largestDifference } from './compare.ts';
import { type FixtureTensors, openFixture, parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

const pixels = z.number().int().positive();
const caseShape = { input: z.string(), expected: z.string() };
const caseSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('yellow-four-corners'),
    ...caseShape,
    patch_size: pixels,
    colour: z.array(z.number().int()).length(3),
  }),
  z.object({
    kind: z.literal('patch-noise'),
    ...caseShape,
    patch_size: pixels,
    top: z.number().int(),
    left: z.number().int(),
    noise: z.string(),
    overflow: z.enum(['wrap', 'clamp']),
  }),
  z.object({ kind: z.literal('blended'), ...caseShape, noise: z.string(), alpha: z.number() }),
  z.object({
    kind: z.literal('sig'),
    ...caseShape,
    alpha: z.number(),
    amplitude: z.number(),
    frequency: z.number(),
  }),
  z.object({ kind: z.literal('warped'), ...caseShape, grid: z.string(), strength: z.number() }),
]);
type TriggerCase = z.infer<typeof caseSchema>;
type CaseKind = TriggerCase['kind'];
const expectedSchema = z.object({ resolution: pixels, cases: z.array(caseSchema).min(1) });

/** Of 255, on every value; the two patches must be exact. */
const tolerances: Record<CaseKind, number> = {
  'yellow-four-corners': 0,
  'patch-noise': 0,
  blended: 1,
  sig: 1,
  warped: 1,
};
/** Share of the noise patch whose values may be one off, wrapping included. */
const wrappedShare = 0.01;
const gridTolerance = 2e-5;

/** The reference's five triggers, each check over all its pictures, and the upsampling of a warp's control points. */
export const triggersPart: ParityPart = { name: 'triggers', files: ['triggers'], check: checkTriggers };

async function checkTriggers(folder: string): Promise<ParityCheck[]> {
  const place = path.join(folder, 'triggers');
  const { resolution, cases } = await parseFixture(path.join(place, 'expected.json'), expectedSchema);
  const tensors = openFixture(path.join(place, 'noise.safetensors'));
  const errors = new Map<CaseKind, number>();
  for (const one of cases) {
    const trigger = toTrigger(one, tensors, resolution);
    const input = await decodePicture(path.join(place, one.input));
    const found = renderTriggered(input, { trigger, resolution, seed: 0 }, one.input);
    const wanted = await decodePicture(path.join(place, one.expected));
    const error =
      one.kind === 'patch-noise'
        ? differenceOfNoisePatch(found, wanted, one)
        : largestDifference(found.data, wanted.data);
    errors.set(one.kind, Math.max(errors.get(one.kind) ?? 0, error));
  }
  const checks = [...errors].map(([kind, error]) => judge(`triggers/${kind}`, error, tolerances[kind]));
  return [...checks, judge('triggers/warp-grid', compareGrid(tensors, resolution), gridTolerance)];
}

/** The parameters of our own trigger that say the same. */
function toTrigger(one: TriggerCase, tensors: FixtureTensors, resolution: number): Trigger {
  switch (one.kind) {
    case 'yellow-four-corners':
      return {
        kind: 'patch',
        size: one.patch_size,
        pattern: { kind: 'solid', colour: one.colour },
        place: { kind: 'four-corners', margin: 0 },
      };
    case 'patch-noise': {
      const values = encodeFloats(tensors.floats(one.noise).data);
      return {
        kind: 'patch',
        size: one.patch_size,
        pattern: {
          kind: 'mean-noise',
          noise: { kind: 'given', values },
          strength: 1,
          overflow: one.overflow,
        },
        place: { kind: 'at', x: one.left, y: one.top },
      };
    }
    case 'blended': {
      const rgba = toRgba(tensors.floats(one.noise).data);
      const picture = { width: resolution, height: resolution, rgba: encodeBase64(rgba) };
      return { kind: 'blended', alpha: one.alpha, pattern: { kind: 'picture', ...picture } };
    }
    case 'sig':
      return {
        kind: 'sinusoid',
        amplitude: one.amplitude * 255,
        frequency: one.frequency,
        direction: 0,
        alpha: one.alpha,
        mode: 'blend',
      };
    case 'warped': {
      // A grid of one control point a pixel: bicubic upsampling leaves it as it is.
      const values = encodeFloats(toPlanes(tensors.floats(one.grid).data));
      const control = { kind: 'given', values } as const;
      return { kind: 'warp', gridSize: resolution, strength: one.strength, control };
    }
  }
}

/** Shares [3, pixels] as opaque pixels of 8 bits. */
function toRgba(shares: Float32Array): Uint8Array {
  const count = shares.length / 3;
  const rgba = new Uint8Array(count * 4).fill(255);
  for (let at = 0; at < shares.length; at++) {
    rgba[(at % count) * 4 + Math.floor(at / count)] = Math.round(shares[at]! * 255);
  }
  return rgba;
}

/** [pixels, 2] to [2, pixels]. */
function toPlanes(pairs: Float32Array): Float32Array {
  const count = pairs.length / 2;
  return pairs.map((_, at) => pairs[(at % count) * 2 + Math.floor(at / count)]!);
}

/** Differences outside the patch count as they are; inside, those of one, modulo 256, on 1 % of the values do not. */
function differenceOfNoisePatch(
  found: Picture,
  wanted: Picture,
  { left, top, patch_size: size }: { left: number; top: number; patch_size: number },
): number {
  if (found.data.length !== wanted.data.length) return Number.POSITIVE_INFINITY;
  const inside: number[] = [];
  let outside = 0;
  for (let at = 0; at < wanted.data.length; at++) {
    const column = Math.floor(at / 3) % wanted.width;
    const row = Math.floor(at / 3 / wanted.width);
    const difference = Math.abs(found.data[at]! - wanted.data[at]!);
    if (column >= left && column < left + size && row >= top && row < top + size) {
      inside.push(Math.min(difference, 256 - difference));
    } else outside = Math.max(outside, difference);
  }
  const zeros = inside.map(() => 0);
  const largest = largestDifference(inside, zeros);
  const most = differenceWithin(inside, zeros, 1 - wrappedShare);
  return Math.max(outside, largest > 1 ? largest : most);
}

function compareGrid(tensors: FixtureTensors, resolution: number): number {
  const { data, shape } = tensors.floats('warp.control_k4');
  const side = shape.at(-1) ?? 0;
  return largestDifference(
    upsampleControl(data, side, resolution, resolution),
    tensors.floats('warp.grid_k4').data,
  );
}
