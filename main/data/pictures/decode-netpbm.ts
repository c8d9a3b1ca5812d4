import type { Picture } from '#core/pixels/picture.ts';

/**
 * Decodes a binary PPM (P6) or PGM (P5) as the Netpbm manual defines them; values are scaled to 8 bits as Pillow does.
 * @throws Error with the reason where it is none, or cut short
 */
export function decodeNetpbm(bytes: Buffer, maxPixels: number): Picture {
  const channels = bytes[1] === 0x36 ? 3 : 1;
  let at = 2;
  const next = (): number => {
    for (;;) {
      while (isSpace(bytes[at])) at += 1;
      if (bytes[at] !== 0x23) break;
      while (at < bytes.length && bytes[at] !== 0x0a) at += 1;
    }
    const start = at;
    while (at < bytes.length && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at += 1;
    const value = Number(bytes.toString('latin1', start, at));
    if (at === start || value < 1) throw new Error('its header has no width, height and greatest value');
    return value;
  };
  const width = next();
  const height = next();
  const greatest = next();
  at += 1;
  if (greatest > 65_535) throw new Error(`its greatest value is ${greatest}, above 65535`);
  if (width * height > maxPixels) throw new Error(`it has ${width} x ${height} pixels, too many`);
  const wide = greatest > 255 ? 2 : 1;
  const values = width * height * channels;
  if (bytes.length - at < values * wide) throw new Error('it is cut short');
  const data = new Uint8Array(width * height * 3);
  for (let value = 0; value < values; value += 1) {
    const read = wide === 1 ? bytes[at + value]! : bytes.readUInt16BE(at + 2 * value);
    const scaled = greatest === 255 ? read : Math.min(255, Math.round((read / greatest) * 255));
    if (channels === 3) data[value] = scaled;
    else data.fill(scaled, 3 * value, 3 * value + 3);
  }
  return { width, height, data };
}

const isSpace = (byte: number | undefined) =>
  byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
