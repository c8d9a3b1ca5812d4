/** Three channels, each from 0 to 1. */
export type Channels = [number, number, number];

/** A colour space: to and from red, green and blue in [0, 1]. All channels run from 0 to 1. */
export interface ColourSpace {
  fromRgb(rgb: Channels): Channels;
  toRgb(values: Channels): Channels;
}

/** Hue (goes round), saturation and value (Smith 1978). */
const hsv: ColourSpace = {
  fromRgb([red, green, blue]) {
    const value = Math.max(red, green, blue);
    const range = value - Math.min(red, green, blue);
    if (range === 0) return [0, 0, value];
    const sector =
      value === red
        ? (green - blue) / range
        : value === green
          ? (blue - red) / range + 2
          : (red - green) / range + 4;
    return [((sector + 6) % 6) / 6, range / value, value];
  },
  toRgb([hue, saturation, value]) {
    const at = (offset: number) => {
      const sector = (offset + hue * 6) % 6;
      return value - value * saturation * Math.max(0, Math.min(sector, 4 - sector, 1));
    };
    return [at(5), at(3), at(1)];
  },
};

/** ITU-R BT.601, full range; Cb and Cr are 0.5 for grey. */
const ycbcr: ColourSpace = {
  fromRgb([red, green, blue]) {
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    return [luma, 0.5 + (blue - luma) / 1.772, 0.5 + (red - luma) / 1.402];
  },
  toRgb([luma, cb, cr]) {
    const red = luma + 1.402 * (cr - 0.5);
    const blue = luma + 1.772 * (cb - 0.5);
    return [red, (luma - 0.299 * red - 0.114 * blue) / 0.587, blue];
  },
};

const whitePoint = [0.95047, 1, 1.08883] as const;
const labEpsilon = 216 / 24389;
const labKappa = 24389 / 27;

/** CIE L*a*b* of sRGB (D65): L* / 100, and a* and b* from -128 to 127 brought to 0 to 1. */
const lab: ColourSpace = {
  fromRgb([red, green, blue]) {
    const r = linearise(red);
    const g = linearise(green);
    const b = linearise(blue);
    const x = labCurve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / whitePoint[0]);
    const y = labCurve(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
    const z = labCurve((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / whitePoint[2]);
    return [(116 * y - 16) / 100, (500 * (x - y) + 128) / 255, (200 * (y - z) + 128) / 255];
  },
  toRgb([lightness, a, b]) {
    const fy = (lightness * 100 + 16) / 116;
    const x = whitePoint[0] * labInverse(fy + (a * 255 - 128) / 500);
    const y = labInverse(fy);
    const z = whitePoint[2] * labInverse(fy - (b * 255 - 128) / 200);
    return [
      delinearise(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
      delinearise(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
      delinearise(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
    ];
  },
};

const rgb: ColourSpace = { fromRgb: (values) => values, toRgb: (values) => values };

export const colourSpaces = { rgb, hsv, ycbcr, lab } as const;

const linearise = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const delinearise = (value: number) =>
  value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
const labCurve = (value: number) => (value > labEpsilon ? Math.cbrt(value) : (labKappa * value + 16) / 116);
const labInverse = (value: number) => (value ** 3 > labEpsilon ? value ** 3 : (116 * value - 16) / labKappa);
