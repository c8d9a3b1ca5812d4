import { WorkbenchError } from '#contract/errors.ts';
import type { EmbeddedPicture } from '#contract/triggers/shared.ts';
import { encodeBase64 } from '#core/pixels/base64.ts';

/** Pictures inside a trigger are kept to this many pixels a side: they travel in every recipe. */
const longestSide = 256;

/**
 * A picture file as a trigger holds it, made smaller where a side is longer than 256 px.
 * @throws WorkbenchError `bad-input` where it is no picture
 */
export async function readPictureFile(file: Blob): Promise<EmbeddedPicture> {
  const bitmap = await openBitmap(file);
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new WorkbenchError('unavailable', 'This browser cannot draw pictures.');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, rgba: encodeBase64(new Uint8Array(data.buffer)) };
}

async function openBitmap(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  } catch (cause) {
    throw new WorkbenchError(
      'bad-input',
      'This file is no picture that can be read: choose a PNG, JPEG, WebP or GIF.',
      {},
      { cause },
    );
  }
}
