import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { WorkbenchError } from '#contract/errors.ts';
import type { StoredTrigger, Trigger } from '#contract/trigger.ts';
import { comparePictures, type PictureDifference } from '#core/pixels/picture-metrics.ts';
import { resizeBicubic } from '#core/pixels/resize.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { findTrigger, listTriggers, saveTrigger } from '#db/variants/triggers.ts';
import { readPixels } from '#main/data/decoding/read-apart.ts';
import { readRegularFileSync } from '#main/data/files/open-regular-file.ts';
import { encodePng } from '#main/data/pictures/decode-picture.ts';
import type { Workspace } from '../workspace.ts';
import { type FilePicture, patchOfPicture, readTriggerFiles, writeTriggerFiles } from './trigger-files.ts';
import {
  type CaptionKindView,
  describeCaptionKinds,
  describeKinds,
  type TriggerKindView,
} from './trigger-kinds.ts';

/** A trigger's file holds one small picture. */
const maxTriggerBytes = 64 * 1024 ** 2;

/** Every kind of trigger with its presets at a resolution, and the triggers that the person keeps. */
export function showTriggers(
  { db }: Workspace,
  resolution: number,
): { kinds: TriggerKindView[]; captionKinds: CaptionKindView[]; stored: StoredTrigger[] } {
  return {
    kinds: describeKinds(resolution),
    captionKinds: describeCaptionKinds(),
    stored: listTriggers(db),
  };
}

/** The trigger of this id, or the newest version under this name. @throws WorkbenchError `not-found` */
export const showTrigger = ({ db }: Workspace, nameOrId: string): StoredTrigger => findTrigger(db, nameOrId);

/** Where a trigger's pictures are put: a trigger, the recipe's resolution and seed, and the key of the record. */
export interface PreviewRequest {
  trigger: Trigger;
  /** Path of the picture. */
  image: string;
  /** Path of the PNG file to write. */
  out: string;
  resolution: number;
  seed: number;
  /** Decides what differs from picture to picture; null takes the file's name. */
  key: string | null;
}

/**
 * Writes a picture with the trigger on it, by the code that training uses.
 * @returns its size and how far it is from the same picture without the trigger
 * @throws WorkbenchError `not-found` or `bad-input` for the picture; `bad-input` where the trigger does not fit or the
 *   file cannot be written
 */
export async function previewTrigger(
  request: PreviewRequest,
): Promise<{ width: number; height: number; difference: PictureDifference }> {
  const { trigger, resolution, seed } = request;
  const picture = await readPixels(request.image);
  const key = request.key ?? basename(request.image);
  const rendered = renderTriggered(picture, { trigger, resolution, seed }, key);
  const clean = trigger.apply === 'before' ? picture : resizeBicubic(picture, resolution, resolution);
  writeFile(request.out, await encodePng(rendered));
  const { width, height } = rendered;
  return { width, height, difference: comparePictures(clean, rendered) };
}

/**
 * Writes a kept trigger as a JSON file and, beside it, a PNG: the picture that it is made of, with alpha, or else the
 * trigger on grey at its resolution.
 * @param out path of the JSON file; the picture has the same name with .png
 */
export async function exportTrigger(
  workspace: Workspace,
  nameOrId: string,
  out: string,
): Promise<{ stored: StoredTrigger; json: string; png: string; picture: FilePicture }> {
  const stored = findTrigger(workspace.db, nameOrId);
  const files = await writeTriggerFiles(stored);
  const png = `${out.replace(/\.json$/i, '')}.png`;
  writeFile(out, files.json);
  writeFile(png, files.png);
  return { stored, json: out, png, picture: files.picture };
}

/** Where a trigger comes from: the JSON that {@link exportTrigger} wrote, or a PNG that becomes a patch. */
export interface TriggerSource {
  /** A path ending in .png is a picture alone. */
  path: string;
  /** A PNG whose pixels stand for those of the JSON, where the trigger is made of a picture; null: none. */
  png: string | null;
  /** null takes the file's own. */
  name: string | null;
  /** Of the recipe, for a picture alone. */
  resolution: number;
}

/**
 * Keeps the trigger of a file.
 * @throws WorkbenchError `not-found`; `bad-input` where a file is of another form
 */
export async function importTrigger({ db }: Workspace, source: TriggerSource): Promise<StoredTrigger> {
  const { path, png, name, resolution } = source;
  if (/\.png$/i.test(path)) {
    const trigger = await patchOfPicture(
      readRegularFileSync(path, maxTriggerBytes, 'trigger file'),
      resolution,
    );
    return saveTrigger(db, name ?? basename(path).replace(/\.png$/i, ''), trigger, resolution);
  }
  const pixels = png === null ? null : readRegularFileSync(png, maxTriggerBytes, 'trigger file');
  const read = await readTriggerFiles(
    readRegularFileSync(path, maxTriggerBytes, 'trigger file').toString('utf8'),
    pixels,
    `The file ${path}`,
  );
  return saveTrigger(db, name ?? read.name, read.trigger, read.resolution, read.origin);
}

function writeFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError(
      'bad-input',
      `${path} cannot be written (${reason}): name a file in a folder that exists.`,
      { path },
      { cause },
    );
  }
}
