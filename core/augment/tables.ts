import type { Picture } from '../pixels/picture.ts';

/** Keeps the highest bits of each value (Pillow's ImageOps.posterize). */
export function posterize(picture: Picture, bits: number): Picture {
  const mask = 256 - 2 ** (8 - Math.trunc(bits));
  return look(picture, () => (value) => value & mask);
}

/** Inverts values from the threshold on. */
export const solarize = (picture: Picture, threshold: number) =>
  look(picture, () => (value) => (value < threshold ? value : 255 - value));

export const invert = (picture: Picture) => look(picture, () => (value) => 255 - value);

/** Stretches each channel so that its darkest value becomes 0 and its brightest 255. */
export const stretchContrast = (picture: Picture) =>
  look(picture, (counts) => {
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    if (high <= low) return (value) => value;
    const scale = 255 / (high - low);
    const offset = -low * scale;
    return (value) => Math.min(Math.max(Math.trunc(value * scale + offset), 0), 255);
  });

/** Makes each channel's histogram as flat as whole steps allow (Pillow's ImageOps.equalize). */
export const equalize = (picture: Picture) =>
  look(picture, (counts) => {
    const used = counts.filter((count) => count > 0);
    const sum = used.reduce((total, count) => total + count, 0);
    const step = Math.floor((sum - (used.at(-1) ?? 0)) / 255);
    if (used.length <= 1 || step === 0) return (value) => value;
    let seen = Math.floor(step / 2);
    const table = Array.from(counts, (count) => {
      const value = Math.min(255, Math.floor(seen / step));
      seen += count;
      return value;
    });
    return (value) => table[value] as number;
  });

/** Replaces every value by what a function says, made for each channel from its histogram. */
function look(
  { width, height, data }: Picture,
  tableOf: (counts: Uint32Array) => (value: number) => number,
): Picture {
  const out = new Uint8Array(data.length);
  for (let channel = 0; channel < 3; channel++) {
    const counts = new Uint32Array(256);
    for (let at = channel; at < data.length; at += 3) counts[data[at] as number]!++;
    const table = Uint8Array.from({ length: 256 }, (_, value) => value).map(tableOf(counts));
    for (let at = channel; at < data.length; at += 3) out[at] = table[data[at] as number] as number;
  }
  return { width, height, data: out };
}
