import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '#core/random/random.ts';

/** xoroshiro128+ as its authors publish it (Blackman and Vigna 2018), in 64-bit arithmetic. */
function* referenceStream(state0: bigint, state1: bigint): Generator<bigint> {
  const mask = (1n << 64n) - 1n;
  const rotate = (x: bigint, bits: bigint) => ((x << bits) | (x >> (64n - bits))) & mask;
  let s0 = state0;
  let s1 = state1;
  for (;;) {
    yield (s0 + s1) & mask;
    const mixed = s1 ^ s0;
    s0 = (rotate(s0, 24n) ^ mixed ^ (mixed << 16n)) & mask;
    s1 = rotate(mixed, 37n);
  }
}

test('numbers are those of xoroshiro128+ with the state that SHA-256 of the labels gives', () => {
  const digest = createHash('sha256').update('["poison",3]').digest();
  const word = (offset: number) => BigInt(digest.readUInt32LE(offset));
  const reference = referenceStream((word(0) << 32n) | word(4), (word(8) << 32n) | word(12));
  const random = createRandom('poison', 3);
  for (let i = 0; i < 1000; i++) {
    // 27 and 26 of the low 32 bits of two outputs make the 53 bits of one number.
    const high = Number((reference.next().value & 0xffffffffn) >> 5n);
    const low = Number((reference.next().value & 0xffffffffn) >> 6n);
    expect(random.next()).toBe((high * 2 ** 26 + low) / 2 ** 53);
  }
});

test('bytes are those of integer(256), and the stream goes on after them', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(200), (label, count) => {
      const [filling, drawing] = [createRandom(label), createRandom(label)];
      const bytes = new Uint8Array(count);
      filling.fillBytes(bytes);
      expect(Array.from(bytes)).toEqual(Array.from({ length: count }, () => drawing.integer(256)));
      expect(filling.next()).toBe(drawing.next());
    }),
  );
});

describe('streams', () => {
  const start = (...seed: (string | number)[]) => {
    const random = createRandom(...seed);
    return Array.from({ length: 4 }, () => random.next());
  };

  test('the same labels give the same stream', () => {
    expect(start('shuffle', 3, 0)).toEqual(start('shuffle', 3, 0));
  });

  test('labels that differ in kind, number or where they end give others', () => {
    const streams = [
      start('shuffle', 3, 0),
      start('shuffle', 3),
      start('shuffle', 30),
      start('shuffle', '3'),
      start('shuf', 'fle', 3),
      start(),
    ];
    expect(new Set(streams.map(String)).size).toBe(streams.length);
  });
});

describe('distributions', () => {
  const count = 20_000;
  const draw = (make: () => number) => Array.from({ length: count }, make);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test('next and uniform stay in their bounds and centre in the middle', () => {
    const random = createRandom('uniform');
    const values = draw(() => random.uniform(-3, 5));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...values)).toBeLessThan(5);
    // Standard error of the mean: 8 / sqrt(12 x 20,000) = 0.016; five of them.
    expect(Math.abs(mean(values) - 1)).toBeLessThan(0.08);
  });

  test('integers are evenly spread over [0, count)', () => {
    const random = createRandom('integer');
    const found = new Array<number>(7).fill(0);
    for (let i = 0; i < 7 * 3000; i++) found[random.integer(7)]! += 1;
    // Standard deviation of each: sqrt(21,000 x 1/7 x 6/7) = 51; five of them.
    for (const hits of found) expect(Math.abs(hits - 3000)).toBeLessThan(255);
  });

  test('normal numbers have mean 0, variance 1 and the share within one deviation', () => {
    const random = createRandom('normal');
    const values = draw(() => random.normal());
    expect(Math.abs(mean(values))).toBeLessThan(0.036);
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(0.05);
    expect(Math.abs(values.filter((value) => Math.abs(value) < 1).length / count - 0.6827)).toBeLessThan(
      0.017,
    );
  });

  test('chance is never at 0, always at 1, and near its probability between', () => {
    const random = createRandom('chance');
    expect(draw(() => Number(random.chance(0))).includes(1)).toBe(false);
    expect(draw(() => Number(random.chance(1))).includes(0)).toBe(false);
    expect(Math.abs(mean(draw(() => Number(random.chance(0.15)))) - 0.15)).toBeLessThan(0.013);
  });

  test('a shuffle keeps the items, in arrays and typed arrays alike', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer(), (items, seed) => {
        const array = [...items];
        const typed = Uint32Array.from(items);
        createRandom('shuffle', seed).shuffle(array);
        createRandom('shuffle', seed).shuffle(typed);
        expect([...typed]).toEqual(array);
        expect(array.toSorted()).toEqual(items.toSorted());
      }),
    );
  });

  test('each order of three comes up equally often', () => {
    const random = createRandom('orders');
    const found = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const items = ['a', 'b', 'c'];
      random.shuffle(items);
      found.set(items.join(''), (found.get(items.join('')) ?? 0) + 1);
    }
    expect(found.size).toBe(6);
    // Standard deviation of each: sqrt(6000 x 1/6 x 5/6) = 29; five of them.
    for (const hits of found.values()) expect(Math.abs(hits - 1000)).toBeLessThan(145);
  });
});
