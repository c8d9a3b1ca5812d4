import { countBits, nearBits } from './look.ts';

const bands = 8;
/** Of so many hashes that have a part in common not every pair is compared, only those next to each other. */
const largeBucket = 20_000;
const window = 200;

/**
 * Pairs of hashes that differ in at most {@link nearBits} of 128 bits, each once: eight parts of 16 bits are compared
 * first, since one of them must be equal. Where a part is equal in very many (flat pictures), only neighbours in the
 * order of the whole hash are looked at.
 * @param hashes four numbers of 32 bits each, row-major [n, 4]
 */
export function* nearPairs(hashes: Uint32Array): Generator<[number, number], void> {
  const count = hashes.length / 4;
  const order = new Uint32Array(count);
  const starts = new Uint32Array(65_537);
  for (let band = 0; band < bands; band += 1) {
    starts.fill(0);
    for (let at = 0; at < count; at += 1) starts[part(hashes, at, band) + 1]! += 1;
    for (let value = 0; value < 65_536; value += 1) starts[value + 1]! += starts[value]!;
    const next = starts.slice(0, 65_536);
    for (let at = 0; at < count; at += 1) order[next[part(hashes, at, band)]!++] = at;
    for (let value = 0; value < 65_536; value += 1) {
      const from = starts[value]!;
      const to = starts[value + 1]!;
      const isLarge = to - from > largeBucket;
      if (isLarge) order.subarray(from, to).sort((a, b) => compare(hashes, a, b));
      for (let first = from; first < to; first += 1) {
        const end = isLarge ? Math.min(to, first + window) : to;
        for (let second = first + 1; second < end; second += 1) {
          const [a, b] = [order[first]!, order[second]!];
          if (isNear(hashes, a, b) && firstCommon(hashes, a, b) === band) yield [a, b];
        }
      }
    }
  }
}

const part = (hashes: Uint32Array, at: number, band: number): number =>
  (hashes[4 * at + (band >> 1)]! >>> (band & 1 ? 16 : 0)) & 0xffff;

function isNear(hashes: Uint32Array, a: number, b: number): boolean {
  let bits = 0;
  for (let word = 0; word < 4 && bits <= nearBits; word += 1) {
    bits += countBits(hashes[4 * a + word]! ^ hashes[4 * b + word]!);
  }
  return bits <= nearBits;
}

function firstCommon(hashes: Uint32Array, a: number, b: number): number {
  for (let band = 0; band < bands; band += 1) {
    if (part(hashes, a, band) === part(hashes, b, band)) return band;
  }
  return bands;
}

function compare(hashes: Uint32Array, a: number, b: number): number {
  for (let word = 0; word < 4; word += 1) {
    const difference = hashes[4 * a + word]! - hashes[4 * b + word]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
