import sharp from 'sharp';
import { WorkbenchError } from '#contract/errors.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { readRegularFile } from '../files/open-regular-file.ts';
import { decodeBmp } from './decode-bmp.ts';
import { decodeNetpbm } from './decode-netpbm.ts';
import { otherFormatOf, pictureFormatOf, pictureFormats } from './picture-format.ts';

/** A picture file may be as large as this. */
const maxFileBytes = 128 * 1024 ** 2;

/** Pixels that one picture may have (8192 x 8192): decoded they take 200 MB. */
const maxPixels = 2 ** 26;

/** Decoding one picture may take as long as this. */
const maxSeconds = 8;

/**
 * Decodes a picture file to 8-bit RGB as the reference does (Pillow's convert('RGB')): alpha is dropped, not blended;
 * palette and grey become RGB; EXIF orientation and colour profiles are ignored; of an animation the first frame. Of
 * 16 bits the high 8 stay, as Pillow does for colour; 16-bit grey it clips at 255 instead, which leaves it nearly
 * white. The JPEG files in tests/fixtures/reference/preprocess come out byte for byte as Pillow's.
 * @param path picture file (PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP, PPM, PGM)
 * @throws WorkbenchError `not-found` where no file is; `bad-input` where it is no regular file, none of these formats,
 *   too large in bytes or pixels, damaged, or takes too long to decode
 */
export async function decodePicture(path: string): Promise<Picture> {
  // The bytes are handed over, not the path: libvips would remember a path's pixels after the file has changed.
  return decodeBytes(await readPictureFile(path), path);
}

/** The bytes of a picture file. @throws WorkbenchError as decodePicture, but nothing is decoded */
export function readPictureFile(path: string): Promise<Buffer> {
  return readRegularFile(path, maxFileBytes, 'picture');
}

/** {@link decodePicture} for bytes that are read already. @param where they came from, for messages */
export async function decodeBytes(bytes: Buffer, where: string): Promise<Picture> {
  const format = pictureFormatOf(bytes);
  if (format === null) {
    const found = otherFormatOf(bytes);
    throw new WorkbenchError(
      'bad-input',
      `${where} cannot be decoded as a picture: it is ${found === null ? '' : `${found}, `}none of ${pictureFormats.join(', ')}.`,
      { path: where },
    );
  }
  try {
    if (format === 'BMP') return decodeBmp(bytes, maxPixels);
    if (format === 'PPM' || format === 'PGM') return decodeNetpbm(bytes, maxPixels);
    return await decodeBySharp(bytes);
  } catch (cause) {
    const told = cause instanceof Error ? cause.message : String(cause);
    const reason = /unknown error/i.test(told) ? `the ${format} is damaged or cut short` : told;
    throw new WorkbenchError(
      'bad-input',
      `${where} cannot be decoded as a picture: ${reason}.`,
      { path: where },
      { cause },
    );
  }
}

async function decodeBySharp(bytes: Buffer): Promise<Picture> {
  const { data, info } = await sharp(bytes, {
    failOn: 'error',
    ignoreIcc: true,
    limitInputPixels: maxPixels,
  })
    .timeout({ seconds: maxSeconds })
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}

/** A picture as a PNG file, without loss and without metadata. */
export async function encodePng(picture: Picture): Promise<Buffer> {
  const { width, height, data } = picture;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A picture as a PNG file that fits a square of `size` pixels; a smaller one keeps its size. For looking at only. */
export async function encodeThumbnail(picture: Picture, size: number): Promise<Buffer> {
  const { width, height, data } = picture;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();
}
