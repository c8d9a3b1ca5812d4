import type { Attack, EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { fileOf } from '#contract/picture-source.ts';
import { type PictureChange, pictureChanges } from '#core/augment/picture-changes.ts';
import { preprocess } from '#core/pixels/preprocess.ts';
import { createRandom } from '#core/random/random.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { maxDecodeSeconds } from '../decoding/decode-task.ts';
import { withinLimit } from '../decoding/within-limit.ts';
import { hashPixels } from '../pictures/hash-pixels.ts';
import { hashJpeg } from '../pictures/picture-identity.ts';
import { describeSource } from '../sources/read-content.ts';
import { readContentWaiting } from '../sources/read-content-waiting.ts';
import { decodeContent } from '../sources/read-picture.ts';

/** How pictures are prepared: for all of a job alike. */
export interface Preparation {
  /** The triggers, by their part. */
  attacks: readonly Attack[];
  /** Pixels a side that the model takes. */
  resolution: number;
}

/** One picture to prepare, once for each version, from one decode: the part of an attack, or null for none. */
export interface PictureTask {
  /** With its hash where the pixels are to be compared with those of the import. */
  record: Pick<EngineRecord, 'key' | 'image' | 'sha256'>;
  /** Goes on with a picture that has changed; left out: that is an error. */
  listChanged?: true;
  versions: readonly (number | null)[];
  /** Changes each version before it is brought to the resolution, by a draw of its own; left out: not. */
  change?: { name: PictureChange; draw: (string | number)[] };
}

export interface PreparedPicture {
  pictures: Uint8Array[];
  changed: boolean;
}

/**
 * Decodes a picture and prepares its versions: the trigger is laid on, then the picture is brought to the model's
 * resolution. The same on any thread.
 * @returns for each version [resolution, resolution, 3], 8 bits; and whether the picture has changed since the import
 * @throws WorkbenchError `not-found` or `corrupt-file`, naming the record; `corrupt-file` for one that has changed, unless
 *   those are listed
 */
export async function preparePicture(
  { record, versions, change, listChanged }: PictureTask,
  { attacks, resolution }: Preparation,
): Promise<PreparedPicture> {
  const { original, changed } = await decodeWhole(record);
  if (changed && !listChanged) throw tellChanged(record);
  const pictures = versions.map((part) => {
    const attack = part === null ? null : attacks[part];
    if (attack === undefined) throw new RangeError(`there is no attack ${part} of ${attacks.length}`);
    const whole = attack === null ? original : renderTriggered(original, attack, record.key);
    const view =
      change === undefined ? whole : pictureChanges[change.name](whole, createRandom(...change.draw));
    return preprocess(view, resolution).data;
  });
  return { pictures, changed };
}

function tellChanged({ key, image }: PictureTask['record']): WorkbenchError {
  return new WorkbenchError(
    'corrupt-file',
    `The picture of record ${key} (${describeSource(image)}) has other pixels than when it was imported. Put the file back as it was, or let the run go on and list such pictures (--changed-pictures list); a check of the dataset names all of them.`,
    { path: fileOf(image), key },
  );
}

/** Nothing but the end of this process ends such a decoder: `endsEngine` asks the workbench for it. */
function tellHanging({ key, image }: PictureTask['record']): WorkbenchError {
  return new WorkbenchError(
    'corrupt-file',
    `The picture of record ${key} (${describeSource(image)}) takes longer than ${maxDecodeSeconds} s to decode. Put the file back as it was when it was imported.`,
    { path: fileOf(image), key, endsEngine: true },
  );
}

async function readWhole({ image }: PictureTask['record']) {
  const content = await readContentWaiting(image);
  return { content, original: await decodeContent(content, image) };
}

async function decodeWhole({ sha256, ...record }: PictureTask['record']) {
  try {
    const { content, original } = await withinLimit(readWhole(record), maxDecodeSeconds * 1_000, () =>
      tellHanging(record),
    );
    const changed = sha256 !== undefined && hashJpeg(content) !== sha256 && hashPixels(original) !== sha256;
    return { original, changed };
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.kind !== 'bad-input') throw error;
    throw new WorkbenchError(
      'corrupt-file',
      `The picture of record ${record.key} is damaged: ${error.message} Put the file back as it was when it was imported.`,
      { path: fileOf(record.image), key: record.key },
      { cause: error },
    );
  }
}
