/** A colour space of three channels that run from 0 to 1. It fills arrays that are handed down: pixels are many. */
export interface ColourSpace {
  /** Channels of red, green and blue, each a byte, into `values`. */
  fromBytes(red: number, green: number, blue: number, values: Float64Array): void;
  /** Channels to red, green and blue bytes from `at` on; what a screen cannot show is cut off. `values` is used up. */
  toBytes(values: Float64Array, data: Uint8ClampedArray, at: number): void;
}

/** Rounded; the array that it goes to cuts it off. */
const toByte = (share: number) => Math.round(share * 255);

const shares = Float64Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Hue (goes round), saturation and value (Smith 1978). */
const hsv: ColourSpace = {
  fromBytes(redByte, greenByte, blueByte, values) {
    const red = shares[redByte] as number;
    const green = shares[greenByte] as number;
    const blue = shares[blueByte] as number;
    const value = Math.max(red, green, blue);
    const range = value - Math.min(red, green, blue);
    values[2] = value;
    if (range === 0) {
      values[0] = 0;
      values[1] = 0;
      return;
    }
    const sector =
      value === red
        ? (green - blue) / range
        : value === green
          ? (blue - red) / range + 2
          : (red - green) / range + 4;
    values[0] = withinSix(sector + 6) / 6;
    values[1] = range / value;
  },
  toBytes(values, data, at) {
    const sector = (values[0] as number) * 6;
    const value = values[2] as number;
    const depth = value * (values[1] as number);
    data[at] = toByte(value - depth * hueWeight(5 + sector));
    data[at + 1] = toByte(value - depth * hueWeight(3 + sector));
    data[at + 2] = toByte(value - depth * hueWeight(1 + sector));
  },
};

/** How much of the depth a channel lacks, at a place on the circle of six sectors; `place` in [0, 12). */
function hueWeight(place: number): number {
  const sector = withinSix(place);
  return Math.max(0, Math.min(sector, 4 - sector, 1));
}

/** Modulo 6 of a number in [0, 12): exact, and faster than %. */
const withinSix = (place: number) => (place >= 6 ? place - 6 : place);

/** ITU-R BT.601, full range; Cb and Cr are 0.5 for grey. */
const ycbcr: ColourSpace = {
  fromBytes(redByte, greenByte, blueByte, values) {
    const red = shares[redByte] as number;
    const green = shares[greenByte] as number;
    const blue = shares[blueByte] as number;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    values[0] = luma;
    values[1] = 0.5 + (blue - luma) / 1.772;
    values[2] = 0.5 + (red - luma) / 1.402;
  },
  toBytes(values, data, at) {
    const luma = values[0] as number;
    const red = luma + 1.402 * ((values[2] as number) - 0.5);
    const blue = luma + 1.772 * ((values[1] as number) - 0.5);
    data[at] = toByte(red);
    data[at + 1] = toByte((luma - 0.299 * red - 0.114 * blue) / 0.587);
    data[at + 2] = toByte(blue);
  },
};

const whitePoint = [0.95047, 1, 1.08883] as const;
const labEpsilon = 216 / 24389;
const labKappa = 24389 / 27;

/** sRGB's curve undone, for each byte. */
const linearBytes = shares.map((value) =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
);

/** CIE L*a*b* of sRGB (D65): L* / 100, and a* and b* from -128 to 127 brought to 0 to 1. */
const lab: ColourSpace = {
  fromBytes(red, green, blue, values) {
    const r = linearBytes[red] as number;
    const g = linearBytes[green] as number;
    const b = linearBytes[blue] as number;
    const x = labCurve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / whitePoint[0]);
    const y = labCurve(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
    const z = labCurve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / whitePoint[2]);
    values[0] = (116 * y - 16) / 100;
    values[1] = (500 * (x - y) + 128) / 255;
    values[2] = (200 * (y - z) + 128) / 255;
  },
  toBytes(values, data, at) {
    const fy = ((values[0] as number) * 100 + 16) / 116;
    const x = whitePoint[0] * labInverse(fy + ((values[1] as number) * 255 - 128) / 500);
    const y = labInverse(fy);
    const z = whitePoint[2] * labInverse(fy - ((values[2] as number) * 255 - 128) / 200);
    data[at] = linearToByte(3.2404542 * x - 1.5371385 * y - 0.4985314 * z);
    data[at + 1] = linearToByte(-0.969266 * x + 1.8760108 * y + 0.041556 * z);
    data[at + 2] = linearToByte(0.0556434 * x - 0.2040259 * y + 1.0572252 * z);
  },
};

const rgb: ColourSpace = {
  fromBytes(red, green, blue, values) {
    values[0] = shares[red] as number;
    values[1] = shares[green] as number;
    values[2] = shares[blue] as number;
  },
  toBytes(values, data, at) {
    for (let channel = 0; channel < 3; channel++) data[at + channel] = toByte(values[channel] as number);
  },
};

export const colourSpaces = { rgb, hsv, ycbcr, lab } as const;

/** The byte of a linear value by sRGB's curve, from {@link byteStarts}: a power for each pixel would take too long. */
function linearToByte(value: number): number {
  if (value <= 0) return 0;
  let byte = cellStarts[Math.min(cells - 1, Math.floor(value * cells))] as number;
  while (byte < 255 && value >= (byteStarts[byte + 1] as number)) byte += 1;
  return byte;
}

const delinearise = (value: number) =>
  value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;

/** The smallest linear value of each byte, to the last bit. */
const byteStarts = Float64Array.from({ length: 256 }, (_, byte) => {
  let below = 0;
  let reached = byte === 0 ? 0 : 1;
  for (;;) {
    const middle = (below + reached) / 2;
    if (middle === below || middle === reached) return reached;
    if (toByte(delinearise(middle)) >= byte) reached = middle;
    else below = middle;
  }
});

/** Where {@link linearToByte} begins to look: the byte at the lower end of each of so many cells. */
const cells = 4096;
const cellStarts = Uint8Array.from({ length: cells }, (_, cell) => toByte(delinearise(cell / cells)));

const labCurve = (value: number) => (value > labEpsilon ? Math.cbrt(value) : (labKappa * value + 16) / 116);
function labInverse(value: number): number {
  const cube = value * value * value;
  return cube > labEpsilon ? cube : (116 * value - 16) / labKappa;
}
