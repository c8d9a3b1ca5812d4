/**
 * CMYK to RGB as Pillow's convert('RGB') does it, without colour profiles: the paper's white less the ink, by black.
 * @param cmyk 8 bits each, 255 is full ink
 */
export function cmykToRgb(cmyk: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
    const light = 255 - cmyk[from + 3]!;
    for (let channel = 0; channel < 3; channel += 1) {
      // ink * light / 255, rounded
      const product = cmyk[from + channel]! * light + 128;
      rgb[to + channel] = light - (((product >> 8) + product) >> 8);
    }
  }
  return rgb;
}

/** YCbCr (JFIF 1.02) to RGB, 8 bits each. */
export function ycbcrToRgb(ycbcr: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8ClampedArray(ycbcr.length);
  for (let at = 0; at < ycbcr.length; at += 3) {
    const [y, cb, cr] = [ycbcr[at]!, ycbcr[at + 1]! - 128, ycbcr[at + 2]! - 128];
    rgb[at] = y + 1.402 * cr;
    rgb[at + 1] = y - 0.344136 * cb - 0.714136 * cr;
    rgb[at + 2] = y + 1.772 * cb;
  }
  return new Uint8Array(rgb.buffer);
}
