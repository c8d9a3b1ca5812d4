import type { ColourTrigger } from '#contract/triggers/colour.ts';
import type { Picture } from '#core/pixels/picture.ts';

/**
 * Colour triggers by their formulas, one array for each pixel: what the fast code in core/ must equal byte for byte.
 */
export function applyColourSlowly(picture: Picture, { space, change, hue }: ColourTrigger): Picture {
  const { width, height } = picture;
  const { fromRgb, toRgb } = colourSpaces[space];
  const data = new Uint8ClampedArray(picture.data.length);
  for (let at = 0; at < data.length; at += 3) {
    const before = fromRgb(
      [0, 1, 2].map((channel) => (picture.data[at + channel] as number) / 255) as Channels,
    );
    const after = before.map((value, channel) => {
      const moved =
        change.kind === 'shift'
          ? value + (change.amounts[channel] as number)
          : channel === change.channel
            ? followCurve(change.points, value)
            : value;
      if (space === 'hsv' && channel === 0 && hue !== 'clip') return moved - Math.floor(moved);
      return Math.min(Math.max(moved, 0), 1);
    });
    const colour = toRgb(after as Channels);
    for (let channel = 0; channel < 3; channel++)
      data[at + channel] = Math.round((colour[channel] as number) * 255);
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}

/** A curve of straight lines; before its first point and after its last one it is level. */
function followCurve(points: readonly { from: number; to: number }[], value: number): number {
  const next = points.findIndex(({ from }) => value <= from);
  const after = points[next === -1 ? points.length - 1 : next];
  const before = points[next - 1];
  if (after === undefined) return value;
  if (before === undefined) return after.to;
  const share = (value - before.from) / (after.from - before.from);
  return before.to + share * (after.to - before.to);
}

/** Three channels, each from 0 to 1. */
type Channels = [number, number, number];

/** A colour space: to and from red, green and blue in [0, 1]. All channels run from 0 to 1. */
interface ColourSpace {
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

const colourSpaces = { rgb, hsv, ycbcr, lab } as const;

const linearise = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const delinearise = (value: number) =>
  value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
const labCurve = (value: number) => (value > labEpsilon ? Math.cbrt(value) : (labKappa * value + 16) / 116);
const labInverse = (value: number) => (value ** 3 > labEpsilon ? value ** 3 : (116 * value - 16) / labKappa);
