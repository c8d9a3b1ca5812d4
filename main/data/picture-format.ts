/** Formats that are decoded. SVG is not: it is a program that may run for minutes, and no size is its own. */
export const pictureFormats = ['PNG', 'JPEG', 'WebP', 'GIF', 'TIFF', 'AVIF'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** Brands of an ISO base media file (ISO/IEC 14496-12, box `ftyp`) that is an AVIF (AV1 Image File Format, 1.1). */
const avifBrands = ['avif', 'avis', 'mif1', 'msf1'];

/** The format of a picture file by its first bytes, whatever its name; null for every other. */
export function pictureFormatOf(bytes: Buffer): PictureFormat | null {
  const begins = (text: string, at = 0) => bytes.toString('latin1', at, at + text.length) === text;
  if (begins('\x89PNG\r\n\x1a\n')) return 'PNG';
  if (begins('\xff\xd8\xff')) return 'JPEG';
  if (begins('RIFF') && begins('WEBP', 8)) return 'WebP';
  if (begins('GIF87a') || begins('GIF89a')) return 'GIF';
  if (begins('II*\0') || begins('MM\0*') || begins('II+\0') || begins('MM\0+')) return 'TIFF';
  if (begins('ftyp', 4) && avifBrands.some((brand) => begins(brand, 8))) return 'AVIF';
  return null;
}
