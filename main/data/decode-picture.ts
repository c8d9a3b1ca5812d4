import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { WorkbenchError } from '#contract/errors.ts';
import type { Picture } from '#core/pixels/picture.ts';

/**
 * Decodes a picture file to 8-bit RGB as the reference does (Pillow's convert('RGB')): alpha is dropped, not blended;
 * palette and grey become RGB; EXIF orientation and colour profiles are ignored; of 16 bits the high 8 stay; of an
 * animation the first frame. The JPEG files in tests/fixtures/reference/preprocess come out byte for byte as Pillow's.
 * @param path picture file (PNG, JPEG, WebP, GIF, TIFF, AVIF)
 * @throws WorkbenchError `not-found` where no file is, `bad-input` where it is no picture that can be decoded
 */
export async function decodePicture(path: string): Promise<Picture> {
  // The bytes are handed over, not the path: libvips would remember a path's pixels after the file has changed.
  const bytes = await readPictureFile(path);
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', ignoreIcc: true })
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError(
      'bad-input',
      `${path} cannot be decoded as a picture: ${reason}.`,
      { path },
      { cause },
    );
  }
}

/** A picture as a PNG file, without loss and without metadata. */
export async function encodePng(picture: Picture): Promise<Buffer> {
  const { width, height, data } = picture;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

async function readPictureFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new WorkbenchError('not-found', `There is no picture at ${path}.`, { path }, { cause });
    }
    throw new WorkbenchError(
      'bad-input',
      `${path} cannot be read: ${String(code ?? cause)}.`,
      { path },
      { cause },
    );
  }
}

/** A picture as a PNG file that fits a square of `size` pixels; a smaller one keeps its size. For looking at only. */
export async function encodeThumbnail(picture: Picture, size: number): Promise<Buffer> {
  const { width, height, data } = picture;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })
    .png()
    .toBuffer();
}
