import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';

/** One stream of pseudo-random numbers; each call moves it on. The same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  next(): number;
  /** A whole number, uniform in [0, count); `count` at least 1. */
  integer(count: number): number;
  /** Fills an array with bytes, each as integer(256) would give it. */
  fillBytes(bytes: Uint8Array): void;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** Puts the items in a random order, in place. */
  shuffle<T>(items: { readonly length: number; [index: number]: T }): void;
  /** True with probability `p`. */
  chance(p: number): boolean;
}

/**
 * The one source of randomness: xoroshiro128+ (Blackman and Vigna 2018), its 128-bit state taken from the SHA-256 of
 * the labels, so that streams with different labels are independent: createRandom('order', seed, epoch).
 * @param seed what the stream is for, and its seeds; '3' and 3 are different, and so are ['ab'] and ['a', 'b']
 */
export function createRandom(...seed: (string | number)[]): Random {
  const digest = sha256(utf8ToBytes(JSON.stringify(seed)));
  const words = new DataView(digest.buffer, digest.byteOffset, 16);
  const generator = xoroshiro128plus.fromState([0, 4, 8, 12].map((offset) => words.getInt32(offset, true)));
  let spareNormal: number | null = null;

  function next(): number {
    const high = generator.unsafeNext() >>> 5;
    const low = generator.unsafeNext() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  const integer = (count: number) => Math.floor(next() * count);

  /** Marsaglia's polar method: needs no more than a logarithm and a square root; makes two at a time. */
  function normal(): number {
    if (spareNormal !== null) {
      const spare = spareNormal;
      spareNormal = null;
      return spare;
    }
    for (;;) {
      const x = 2 * next() - 1;
      const y = 2 * next() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spareNormal = y * factor;
      return x * factor;
    }
  }

  return {
    next,
    integer,
    fillBytes(bytes) {
      for (let at = 0; at < bytes.length; at++) {
        // The first 8 of the 53 bits of next(); the other word is drawn as there.
        bytes[at] = generator.unsafeNext() >>> 24;
        generator.unsafeNext();
      }
    },
    uniform: (low, high) => low + (high - low) * next(),
    normal,
    shuffle<T>(items: { readonly length: number; [index: number]: T }) {
      // Fisher and Yates, from the end.
      for (let last = items.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        const item = items[last] as T;
        items[last] = items[other] as T;
        items[other] = item;
      }
    },
    chance: (p) => next() < p,
  };
}
