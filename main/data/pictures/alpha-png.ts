import { WorkbenchError } from '#contract/errors.ts';
import { loadSharp } from './load-sharp.ts';
import { otherFormatOf, pictureFormatOf, pictureFormats } from './picture-format.ts';

/** Pixels with alpha: red, green, blue and alpha bytes, row by row. */
export interface AlphaPicture {
  width: number;
  height: number;
  rgba: Uint8Array;
}

/** As a PNG file, without loss: colours under alpha 0 are kept. */
export async function encodeAlphaPng({ width, height, rgba }: AlphaPicture): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

/**
 * Reads the bytes of a PNG file (or another picture), at most `side` pixels a side: a larger one is made smaller.
 * @throws WorkbenchError `bad-input` where it is no picture of ours by its first bytes (SVG is none), or damaged
 */
export async function decodeAlphaPicture(bytes: Uint8Array, side: number): Promise<AlphaPicture> {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (pictureFormatOf(content) === null) {
    const found = otherFormatOf(content) ?? `none of ${pictureFormats.join(', ')}`;
    throw new WorkbenchError(
      'bad-input',
      `This is no picture that can be read: it is ${found}. Give a PNG file.`,
    );
  }
  const sharp = await loadSharp();
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', ignoreIcc: true })
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const rgba = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return { width: info.width, height: info.height, rgba };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError(
      'bad-input',
      `This is no picture that can be read: ${reason}. Give a PNG file.`,
      {},
      { cause },
    );
  }
}
