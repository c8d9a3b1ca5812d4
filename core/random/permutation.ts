import type { Random } from './random.ts';

const rounds = 4;

/** An order of the whole numbers below some size. */
export interface Permutation {
  /** The number at a place. */
  numberAt(place: number): number;
  /** The place of a number. */
  placeOf(number: number): number;
}

/**
 * A random order of the whole numbers below `size` that is told place by place and never held: a Feistel network over
 * the next power of four, walked on from numbers that are too large (Black and Rogaway 2002, "Ciphers with arbitrary
 * finite domains"). Each number has one place; the same random stream gives the same order.
 * @param size 1 to 2^32
 */
export function createPermutation(size: number, random: Random): Permutation {
  let halfBits = 1;
  while (4 ** halfBits < size) halfBits += 1;
  const half = 2 ** halfBits;
  const keys = Uint32Array.from({ length: rounds }, () => random.integer(2 ** 32));
  const scramble = (value: number, round: number) => mix(value ^ (keys[round] as number)) & (half - 1);
  const encrypt = (number: number) => {
    let left = Math.floor(number / half);
    let right = number % half;
    for (let round = 0; round < rounds; round += 1) {
      const before = right;
      right = left ^ scramble(right, round);
      left = before;
    }
    return left * half + right;
  };
  const decrypt = (number: number) => {
    let left = Math.floor(number / half);
    let right = number % half;
    for (let round = rounds - 1; round >= 0; round -= 1) {
      const after = left;
      left = right ^ scramble(left, round);
      right = after;
    }
    return left * half + right;
  };
  const walk = (step: (number: number) => number) => (from: number) => {
    let number = step(from);
    while (number >= size) number = step(number);
    return number;
  };
  return { numberAt: walk(encrypt), placeOf: walk(decrypt) };
}

/** MurmurHash3's finaliser (Appleby, public domain): every bit of a 32-bit number sways every bit of the result. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
