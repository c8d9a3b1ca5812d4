/** How a TIFF's first picture says its colours (TIFF 6.0, tags 262 and 259); null where it cannot be told. */
interface TiffColours {
  /** 6: YCbCr. */
  photometric: number;
  /** 7: JPEG, whose decoder brings YCbCr to RGB itself. */
  compression: number;
}

const tags = { compression: 259, photometric: 262 };

function tiffColours(bytes: Buffer): TiffColours | null {
  const little = bytes.toString('latin1', 0, 2) === 'II';
  const short = (at: number) =>
    at + 2 > bytes.length ? -1 : little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  if (bytes.length < 8 || short(2) !== 42) return null;
  const start = little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  const found = new Map<number, number>();
  for (let entry = 0; entry < short(start); entry += 1) {
    const at = start + 2 + 12 * entry;
    found.set(short(at), short(at + 8));
  }
  const photometric = found.get(tags.photometric);
  return photometric === undefined ? null : { photometric, compression: found.get(tags.compression) ?? 1 };
}

/** Whether a TIFF's samples are YCbCr that its decoder leaves as they are. */
export function isYcbcrTiff(bytes: Buffer): boolean {
  const colours = tiffColours(bytes);
  return colours !== null && colours.photometric === 6 && colours.compression !== 7;
}
