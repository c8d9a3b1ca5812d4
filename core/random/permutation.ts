import type { Random } from './random.ts';

const rounds = 4;

/**
 * A random order of the whole numbers below `size` that is told place by place and never held: a Feistel network over
 * the next power of four, walked on from numbers that are too large (Black and Rogaway 2002, "Ciphers with arbitrary
 * finite domains"). Each number has one place; the same random stream gives the same order.
 * @param size 1 to 2^32
 * @returns the number at a place in [0, size)
 */
export function createPermutation(size: number, random: Random): (place: number) => number {
  let halfBits = 1;
  while (4 ** halfBits < size) halfBits += 1;
  const half = 2 ** halfBits;
  const keys = Array.from({ length: rounds }, () => random.integer(2 ** 32));
  const encrypt = (number: number) => {
    let left = Math.floor(number / half);
    let right = number % half;
    for (const key of keys) [left, right] = [right, (left ^ (mix(right ^ key) & (half - 1))) >>> 0];
    return left * half + right;
  };
  return (place) => {
    let number = encrypt(place);
    while (number >= size) number = encrypt(number);
    return number;
  };
}

/** MurmurHash3's finaliser (Appleby, public domain): every bit of a 32-bit number sways every bit of the result. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
