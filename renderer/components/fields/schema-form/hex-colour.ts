/** `#rrggbb` of red, green and blue, each 0 to 255. */
export const formatHex = (colour: readonly number[]): string =>
  `#${[0, 1, 2].map((channel) => (colour[channel] ?? 0).toString(16).padStart(2, '0')).join('')}`;

/** Red, green and blue of `#rrggbb` or `#rgb`; null where it is neither. */
export function parseHex(text: string): [number, number, number] | null {
  const digits = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text.trim())?.[1];
  if (digits === undefined) return null;
  const pairs = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const at = (start: number) => Number.parseInt(pairs.slice(start, start + 2), 16);
  return [at(0), at(2), at(4)];
}
