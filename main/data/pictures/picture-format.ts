/** Formats that are decoded. SVG is not: it is a program that may run for minutes, and no size is its own. */
export const pictureFormats = ['PNG', 'JPEG', 'WebP', 'GIF', 'TIFF', 'AVIF', 'BMP', 'PPM', 'PGM'] as const;
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
  if (begins('BM') && bytes.length > 18 && bytes.readUInt32LE(6) === 0) return 'BMP';
  if (/^P6\s/.test(bytes.toString('latin1', 0, 3))) return 'PPM';
  if (/^P5\s/.test(bytes.toString('latin1', 0, 3))) return 'PGM';
  return null;
}

/** What a file is that is not decoded, where its first bytes say so, with what to do; null: unknown. */
export function otherFormatOf(bytes: Buffer): string | null {
  if (bytes.length === 0) return 'an empty file';
  const text = bytes.toString('latin1', 0, 512);
  if (
    /^\s*(\xef\xbb\xbf)?<(\?xml|svg|!doctype svg|!--)/i.test(text) &&
    /<svg/i.test(bytes.toString('latin1', 0, 4096))
  )
    return 'an SVG drawing (save it as PNG)';
  if (/^\s*<(!doctype html|html|head|body)/i.test(text))
    return 'a web page, not the picture that it stood for';
  if (text.startsWith('version https://git-lfs')) return "a pointer of Git LFS (run 'git lfs pull')";
  if (text.slice(4, 8) === 'ftyp') return 'HEIC or a video (save it as PNG or JPEG)';
  if (/^P[1-47]\s/.test(text)) return 'another Netpbm file (save it as P5 or P6)';
  if (text.startsWith('8BPS')) return 'a Photoshop document (save it as PNG)';
  if (text.startsWith('\xff\x0a') || text.startsWith('\0\0\0\x0cJXL')) return 'JPEG XL (save it as PNG)';
  if (text.startsWith('\0\0\0\x0cjP')) return 'JPEG 2000 (save it as PNG)';
  if (text.startsWith('DDS ')) return 'a DirectDraw surface (save it as PNG)';
  return null;
}
