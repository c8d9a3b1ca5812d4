import type { Picture } from '#core/pixels/picture.ts';

/** Where the info header begins, behind the file header of 14 bytes. */
const infoAt = 14;

/**
 * Decodes an uncompressed BMP (Microsoft's BITMAPINFOHEADER and its successors): 1, 4 and 8 bits with a palette, 16,
 * 24 and 32 bits, with masks or without, rows from either end. Alpha is dropped.
 * @throws Error with the reason where it is compressed, cut short, or none of these
 */
export function decodeBmp(bytes: Buffer, maxPixels: number): Picture {
  if (bytes.length < infoAt + 40) throw new Error('it is cut short');
  const pixelsAt = bytes.readUInt32LE(10);
  const infoBytes = bytes.readUInt32LE(infoAt);
  const width = bytes.readInt32LE(18);
  const signedHeight = bytes.readInt32LE(22);
  const height = Math.abs(signedHeight);
  const bits = bytes.readUInt16LE(28);
  const compression = bytes.readUInt32LE(30);
  if (infoBytes < 40) throw new Error('its header is that of OS/2: save it as PNG');
  if (compression !== 0 && compression !== 3) throw new Error('it is a compressed BMP: save it as PNG');
  if (width < 1 || height < 1 || width * height > maxPixels)
    throw new Error(`it has ${width} x ${height} pixels, none or too many`);
  const stride = 4 * Math.ceil((width * bits) / 32);
  if (bytes.length < pixelsAt + stride * height) throw new Error('it is cut short');
  const colourOf = bits <= 8 ? paletteOf(bytes, infoBytes, bits) : masksOf(bytes, bits, compression);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const line = pixelsAt + stride * (signedHeight < 0 ? row : height - 1 - row);
    for (let column = 0; column < width; column += 1) {
      data.set(colourOf(valueAt(bytes, line, column, bits)), 3 * (row * width + column));
    }
  }
  return { width, height, data };
}

function valueAt(bytes: Buffer, line: number, column: number, bits: number): number {
  if (bits === 32) return bytes.readUInt32LE(line + 4 * column);
  if (bits === 24) return bytes.readUIntLE(line + 3 * column, 3);
  if (bits === 16) return bytes.readUInt16LE(line + 2 * column);
  const perByte = 8 / bits;
  const byte = bytes[line + Math.floor(column / perByte)]!;
  return (byte >> (8 - bits - bits * (column % perByte))) & ((1 << bits) - 1);
}

type Colour = [number, number, number];

function paletteOf(bytes: Buffer, infoBytes: number, bits: number): (value: number) => Colour {
  if (bits !== 1 && bits !== 4 && bits !== 8) throw new Error(`it has ${bits} bits a pixel`);
  const start = infoAt + infoBytes;
  const colours = bytes.readUInt32LE(46) || 2 ** bits;
  return (value) => {
    const at = start + 4 * value;
    if (value >= colours || at + 3 > bytes.length) throw new Error('a colour is not in its palette');
    return [bytes[at + 2]!, bytes[at + 1]!, bytes[at]!];
  };
}

/** Colours by masks: those of the file (BI_BITFIELDS), else 5 bits each of 16 and 8 each of 24 and 32. */
function masksOf(bytes: Buffer, bits: number, compression: number): (value: number) => Colour {
  if (bits !== 16 && bits !== 24 && bits !== 32) throw new Error(`it has ${bits} bits a pixel`);
  const masks =
    compression === 3
      ? [54, 58, 62].map((at) => bytes.readUInt32LE(at))
      : bits === 16
        ? [0x7c00, 0x3e0, 0x1f]
        : [0xff0000, 0xff00, 0xff];
  const [red, green, blue] = masks.map(maskReader) as [MaskReader, MaskReader, MaskReader];
  return (value) => [red(value), green(value), blue(value)];
}

type MaskReader = (value: number) => number;

function maskReader(mask: number): MaskReader {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const greatest = mask >>> shift;
  return (value) => Math.floor(((((value & mask) >>> 0) >>> shift) * 255) / greatest);
}
