import type { Attack, EngineRecord } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { fileOf } from '#contract/picture-source.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { preprocess } from '#core/pixels/preprocess.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { readPicture } from '../sources/read-picture.ts';

/** How pictures are prepared: for all of a job alike. */
export interface Preparation {
  /** The triggers, by their part. */
  attacks: readonly Attack[];
  /** Pixels a side that the model takes. */
  resolution: number;
}

/** One picture to prepare, once for each version, from one decode: the part of an attack, or null for none. */
export interface PictureTask {
  record: Pick<EngineRecord, 'key' | 'image'>;
  versions: readonly (number | null)[];
}

/**
 * Decodes a picture and prepares its versions: the trigger is laid on, then the picture is brought to the model's
 * resolution. The same on any thread.
 * @returns for each version [resolution, resolution, 3], 8 bits
 * @throws WorkbenchError `not-found` or `corrupt-file`, naming the record
 */
export async function preparePicture(
  { record, versions }: PictureTask,
  { attacks, resolution }: Preparation,
): Promise<Uint8Array[]> {
  const original = await decodeWhole(record);
  return versions.map((part) => {
    const attack = part === null ? null : attacks[part];
    if (attack === undefined) throw new RangeError(`there is no attack ${part} of ${attacks.length}`);
    return preprocess(attack === null ? original : renderTriggered(original, attack, record.key), resolution)
      .data;
  });
}

async function decodeWhole(record: PictureTask['record']): Promise<Picture> {
  try {
    return await readPicture(record.image);
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
