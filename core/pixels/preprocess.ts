import type { Picture } from './picture.ts';
import { resizeRegion } from './resize.ts';

/** Mean of red, green and blue in [0, 1] over CLIP's training pictures. */
export const clipMean = [0.48145466, 0.4578275, 0.40821073] as const;
/** Standard deviation of red, green and blue in [0, 1] over CLIP's training pictures. */
export const clipStd = [0.26862954, 0.26130258, 0.27577711] as const;

/**
 * What a model of this resolution sees (tests/fixtures/reference/preprocess): the shorter side is brought to
 * `resolution`, the longer one to trunc(resolution x long / short), then the centre is cut out, from
 * round-half-even((side - resolution) / 2).
 * @param resolution pixels a side
 */
export function preprocess(picture: Picture, resolution: number): Picture {
  const short = Math.min(picture.width, picture.height);
  const long = Math.trunc((resolution * Math.max(picture.width, picture.height)) / short);
  const width = picture.width <= picture.height ? resolution : long;
  const height = picture.width <= picture.height ? long : resolution;
  return resizeRegion(picture, width, height, {
    left: roundHalfEven((width - resolution) / 2),
    top: roundHalfEven((height - resolution) / 2),
    width: resolution,
    height: resolution,
  });
}

/**
 * Writes a picture as a tower takes it: (byte / 255 - mean) / deviation in float32, [height, width, 3].
 * @param out filled from `offset` on with height x width x 3 values
 */
export function normaliseInto(picture: Picture, out: Float32Array, offset: number): void {
  const { data } = picture;
  const [red, green, blue] = normalisedBytes;
  for (let i = 0; i < data.length; i += 3) {
    out[offset + i] = red[data[i] as number] as number;
    out[offset + i + 1] = green[data[i + 1] as number] as number;
    out[offset + i + 2] = blue[data[i + 2] as number] as number;
  }
}

/** All that a byte of each channel can become, rounded to float32 after each operation as the reference does. */
const normalisedBytes = [normaliseBytes(0), normaliseBytes(1), normaliseBytes(2)] as const;

function normaliseBytes(channel: 0 | 1 | 2): Float32Array {
  const mean = Math.fround(clipMean[channel]);
  const std = Math.fround(clipStd[channel]);
  return Float32Array.from({ length: 256 }, (_, byte) => {
    const share = Math.fround(byte / 255);
    return Math.fround(share - mean) / std;
  });
}

/** Halves go to the even neighbour, as Python's round does; `value` at least 0. */
function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
