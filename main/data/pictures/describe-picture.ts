import sharp from 'sharp';
import { countComponents } from './jpeg/frame.ts';
import { pictureFormatOf } from './picture-format.ts';
import { isYcbcrTiff } from './tiff-tags.ts';

/** What a picture file is, and how it becomes 8-bit RGB, in words. */
export interface PictureDescription {
  /** `PNG, 16-bit grey`. */
  format: string;
  /** What is done to it, and where Pillow's convert('RGB') gives other pixels, that too. */
  decoding: string[];
}

/** @param bytes of a picture that can be decoded */
export async function describePicture(bytes: Buffer): Promise<PictureDescription> {
  const format = pictureFormatOf(bytes);
  if (format === 'PGM' || format === 'PPM') return describeNetpbm(bytes, format);
  if (format === null || format === 'BMP') return { format: format ?? 'unknown', decoding: [] };
  const {
    space,
    depth,
    hasAlpha,
    isPalette,
    orientation,
    pages = 1,
    hasProfile,
  } = await sharp(bytes).metadata();
  const isDeep = depth !== 'uchar';
  const isGrey = space === 'b-w' || space === 'grey16';
  const colours =
    format === 'JPEG' && countComponents(bytes) === 4
      ? 'CMYK'
      : format === 'TIFF' && isYcbcrTiff(bytes)
        ? 'YCbCr'
        : space === 'cmyk'
          ? 'CMYK'
          : isPalette
            ? 'palette'
            : isGrey
              ? 'grey'
              : 'RGB';
  const bits = depth === 'ushort' ? '16-bit ' : isDeep ? `${depth} ` : '';
  const decoding: string[] = [];
  if (colours === 'CMYK')
    decoding.push("CMYK is brought to RGB without a colour profile, as Pillow's convert('RGB') does.");
  if (colours === 'YCbCr') decoding.push('YCbCr is brought to RGB; Pillow may differ by one level of 255.');
  if (format === 'AVIF') decoding.push('Pillow may differ by one level of 255.');
  if (depth === 'ushort' && isGrey) decoding.push(deepGrey);
  else if (isDeep) decoding.push('The high 8 bits of each channel are taken.');
  if (hasAlpha && format === 'GIF')
    decoding.push(
      "Transparent pixels become black; Pillow's convert('RGB') gives them the palette's colour.",
    );
  else if (hasAlpha) decoding.push('Transparency is dropped, not blended.');
  if ((orientation ?? 1) !== 1) decoding.push('The EXIF orientation is ignored: the picture is not turned.');
  if (hasProfile) decoding.push('The colour profile is ignored.');
  if (pages > 1) decoding.push(`Of ${pages} pictures in the file the first is taken.`);
  return { format: `${format}, ${bits}${colours}${hasAlpha ? ' with transparency' : ''}`, decoding };
}

const deepGrey =
  "Of 16-bit grey the high 8 bits are taken; Pillow's convert('RGB') clips at 255, which leaves nearly all of it white.";

function describeNetpbm(bytes: Buffer, format: 'PGM' | 'PPM'): PictureDescription {
  // The greatest value is the third number, comments aside.
  const header = bytes.toString('latin1', 2, 1024).replaceAll(/#.*/g, '').trim().split(/\s+/);
  const isDeep = Number(header[2]) > 255;
  const colours = format === 'PGM' ? 'grey' : 'RGB';
  return {
    format: `${format}, ${isDeep ? '16-bit ' : ''}${colours}`,
    decoding: !isDeep ? [] : format === 'PGM' ? [deepGrey] : ['Values are scaled to 8 bits.'],
  };
}
