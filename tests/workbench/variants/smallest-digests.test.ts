import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { takeSmallestDigests } from '#main/workbench/variants/smallest-digests.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const identity = (key: string) => key;

describe('takeSmallestDigests', () => {
  it('takes what sorting everything by digest would', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { maxLength: 60 }),
        fc.nat({ max: 70 }),
        fc.string(),
        (keys, count, prefix) => {
          const sorted = keys.map((key) => ({ key, hex: digest(prefix + key) }));
          sorted.sort((left, right) => (left.hex < right.hex ? -1 : 1));
          const expected = sorted.slice(0, count).map(({ key }) => key);
          expect(takeSmallestDigests(keys, count, prefix, identity)).toEqual(expected);
        },
      ),
    );
  });

  it('cuts what it holds on the way without losing any of the smallest', () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `picture-${index}.png`);
    const sorted = [...keys].sort((left, right) => (digest(left) < digest(right) ? -1 : 1));
    expect(takeSmallestDigests(keys, 10, '', identity)).toEqual(sorted.slice(0, 10));
    expect(takeSmallestDigests([...keys].reverse(), 10, '', identity)).toEqual(sorted.slice(0, 10));
  });
});
