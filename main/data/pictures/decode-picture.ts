import { WorkbenchError } from '#contract/errors.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { decodeBmp } from './decode-bmp.ts';
import { decodeNetpbm } from './decode-netpbm.ts';
import { countComponents } from './jpeg/frame.ts';
import { loadSharp } from './load-sharp.ts';
import { maxPixels, readPictureFile } from './picture-file.ts';
import { otherFormatOf, type PictureFormat, pictureFormatOf, pictureFormats } from './picture-format.ts';
import { isYcbcrTiff } from './tiff-tags.ts';
import { cmykToRgb, ycbcrToRgb } from './to-rgb.ts';

/** libvips is asked to give up after this; some decoders do not listen, so processes are ended (decisions/0049). */
const maxSeconds = 8;

/**
 * Decodes a picture file to 8-bit RGB as the reference does (Pillow's convert('RGB')): alpha is dropped, not blended;
 * palette, grey, CMYK and YCbCr become RGB; EXIF orientation and colour profiles are ignored; of an animation the first
 * frame. It differs from Pillow in three: of 16-bit grey the high 8 bits stay, where Pillow clips at 255, which leaves it
 * nearly white; transparent pixels of a GIF are black, where Pillow takes the palette's colour; and YCbCr in a TIFF
 * may differ by one level. tests/data/pictures/pillow.test.ts holds it; describe-picture.ts says it of a picture.
 * @param path picture file (PNG, JPEG, WebP, GIF, TIFF, AVIF, BMP, PPM, PGM)
 * @throws WorkbenchError `not-found` where no file is; `bad-input` where it is no regular file, none of these formats,
 *   too large in bytes or pixels, damaged, or takes too long to decode
 */
export async function decodePicture(path: string): Promise<Picture> {
  // The bytes are handed over, not the path: libvips would remember a path's pixels after the file has changed.
  return decodeBytes(await readPictureFile(path), path);
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
    return await decodeBySharp(bytes, format);
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

async function decodeBySharp(bytes: Buffer, format: PictureFormat): Promise<Picture> {
  const sharp = await loadSharp();
  const image = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: maxPixels });
  const isCmyk =
    format === 'JPEG'
      ? countComponents(bytes) === 4
      : format === 'TIFF' && (await image.metadata()).space === 'cmyk';
  const { data, info } = await (isCmyk
    ? image.pipelineColourspace('cmyk').toColourspace('cmyk')
    : image.removeAlpha().toColourspace('srgb')
  )
    .timeout({ seconds: maxSeconds })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const rgb = isCmyk
    ? cmykToRgb(pixels)
    : format === 'TIFF' && isYcbcrTiff(bytes)
      ? ycbcrToRgb(pixels)
      : pixels;
  return { width: info.width, height: info.height, data: rgb };
}

/** A picture as a PNG file, without loss and without metadata. */
export async function encodePng(picture: Picture): Promise<Buffer> {
  const { width, height, data } = picture;
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A picture as a PNG file that fits a square of `size` pixels; a smaller one keeps its size. For looking at only. */
export async function encodeThumbnail(picture: Picture, size: number): Promise<Buffer> {
  const { width, height, data } = picture;
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();
}
