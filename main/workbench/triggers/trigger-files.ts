import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import type { StoredTrigger, Trigger } from '#contract/trigger.ts';
import { triggerOriginSchema } from '#contract/trigger-origin.ts';
import type { EmbeddedPicture } from '#contract/triggers/shared.ts';
import { decodeBase64, encodeBase64 } from '#core/pixels/base64.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { decodeAlpha } from '#main/data/decoding/read-apart.ts';
import { encodeAlphaPng } from '#main/data/pictures/alpha-png.ts';
import { encodePng } from '#main/data/pictures/decode-picture.ts';
import { checkTrigger, describeIssue, parseJson } from './trigger-parameters.ts';

/** What of a trigger the PNG beside its JSON shows: the picture that it is made of, or the trigger on grey. */
export type FilePicture = 'pixels' | 'preview';

const triggerFileSchema = z.object({
  format: z.literal('cleanclip-workbench/trigger'),
  version: z.literal(1),
  name: z.string(),
  /** Files of the first version of the program lack it: a preview. */
  picture: z.enum(['pixels', 'preview']).default('preview'),
  /** Files of the first version of the program lack it. */
  resolution: z.number().int().min(1).max(4096).default(224),
  trigger: z.unknown(),
  /** What made it, where a run did; other files lack it. */
  origin: triggerOriginSchema.nullable().default(null),
});

/** What of a kept trigger its files hold. */
export type FiledTrigger = Pick<StoredTrigger, 'name' | 'trigger' | 'resolution' | 'origin'>;

/** A trigger's two files: JSON that holds all of it, and a PNG to look at and, where it is `pixels`, to paint over. */
export interface TriggerFiles {
  json: string;
  png: Uint8Array;
  picture: FilePicture;
}

export async function writeTriggerFiles({
  name,
  trigger,
  resolution,
  origin,
}: FiledTrigger): Promise<TriggerFiles> {
  const own = pictureOf(trigger);
  const picture = own === null ? 'preview' : 'pixels';
  const file = {
    format: 'cleanclip-workbench/trigger',
    version: 1,
    name,
    picture,
    resolution,
    trigger,
    ...(origin === null ? {} : { origin }),
  };
  return {
    json: `${JSON.stringify(file, null, 2)}\n`,
    png:
      own === null
        ? await encodePng(renderOnGrey(trigger, resolution))
        : await encodeAlphaPng({ ...own, rgba: decodeBase64(own.rgba) }),
    picture,
  };
}

/**
 * Reads what {@link writeTriggerFiles} wrote.
 * @param png the PNG beside it, whose pixels stand for those in the JSON where the trigger is made of a picture; null
 *   takes the JSON alone. Painted over, it is no longer what its origin made, and has none.
 * @param what names the file in messages
 * @throws WorkbenchError `bad-input` where one of them is of another form
 */
export async function readTriggerFiles(
  json: string,
  png: Uint8Array | null,
  what: string,
): Promise<FiledTrigger> {
  const parsed = triggerFileSchema.safeParse(parseJson(json, what));
  if (!parsed.success) {
    throw new WorkbenchError(
      'bad-input',
      `${what} holds no trigger (${describeIssue(parsed.error)}): use one that trigger export wrote.`,
    );
  }
  const { name, picture, resolution, origin } = parsed.data;
  const trigger = checkTrigger(parsed.data.trigger, what);
  if (png === null || picture === 'preview') return { name, trigger, resolution, origin };
  const { rgba, ...size } = await decodeAlpha(png, largestSide);
  const shown = { ...size, rgba: encodeBase64(rgba) };
  const isOriginal = isDeepStrictEqual(pictureOf(trigger), shown);
  return { name, trigger: withPicture(trigger, shown), resolution, origin: isOriginal ? origin : null };
}

const largestSide = 1024;
/** A picture that comes as a patch: pixels a side that are kept, and its side as a share of the resolution. */
const patchPictureSide = 256;
const patchShare = 1 / 4;

/** A picture as a patch in the lower right corner, a quarter as wide as the recipe's resolution, with its alpha. */
export async function patchOfPicture(png: Uint8Array, resolution: number): Promise<Trigger> {
  const { width, height, rgba } = squared(await decodeAlpha(png, patchPictureSide));
  const size = Math.max(1, Math.round(resolution * patchShare));
  const margin = Math.min(Math.round(resolution / 32), resolution - size);
  return {
    kind: 'patch',
    size,
    pattern: { kind: 'picture', width, height, rgba: encodeBase64(rgba) },
    place: { kind: 'corner', corner: 'bottom-right', margin },
  };
}

/** Transparent at its shorter sides, so that a patch, which is square, keeps its proportions. */
function squared({ width, height, rgba }: { width: number; height: number; rgba: Uint8Array }) {
  const side = Math.max(width, height);
  const out = new Uint8Array(side * side * 4);
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  for (let y = 0; y < height; y++) {
    out.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), ((top + y) * side + left) * 4);
  }
  return { width: side, height: side, rgba: out };
}

/** The picture that a trigger is made of; null where there is none. */
function pictureOf(trigger: Trigger): EmbeddedPicture | null {
  if (trigger.kind !== 'patch' && trigger.kind !== 'blended') return null;
  const { pattern } = trigger;
  if (Array.isArray(pattern) || (pattern.kind !== 'picture' && pattern.kind !== 'painted')) return null;
  const { width, height, rgba } = pattern;
  return { width, height, rgba };
}

function withPicture(trigger: Trigger, picture: EmbeddedPicture): Trigger {
  if (trigger.kind === 'blended' && trigger.pattern.kind === 'picture') {
    return { ...trigger, pattern: { ...trigger.pattern, ...picture } };
  }
  if (trigger.kind !== 'patch' || Array.isArray(trigger.pattern)) return trigger;
  const { pattern } = trigger;
  if (pattern.kind !== 'picture' && pattern.kind !== 'painted') return trigger;
  return { ...trigger, pattern: { ...pattern, ...picture } };
}

const middleGrey = 128;

function renderOnGrey(trigger: Trigger, resolution: number): Picture {
  const data = new Uint8Array(resolution * resolution * 3).fill(middleGrey);
  const grey = { width: resolution, height: resolution, data };
  return renderTriggered(grey, { trigger, resolution, seed: 0 }, 'grey');
}
