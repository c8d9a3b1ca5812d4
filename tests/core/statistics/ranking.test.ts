import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auroc, recallAt } from '#core/statistics/ranking.ts';

describe('auroc', () => {
  test('counts pairs by hand: of 2 x 3 pairs, members win 4 and draw 1', () => {
    // Members 5 and 3; others 4, 3 and 1.
    expect(auroc([5, 4, 3, 3, 1], (index) => index === 0 || index === 2)).toBeCloseTo(4.5 / 6, 12);
  });

  test('is null without members or without others', () => {
    expect(auroc([1, 2], () => false)).toBeNull();
    expect(auroc([1, 2], () => true)).toBeNull();
  });

  test('equals the count over all pairs, and reverses with the scores', () => {
    const cases = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(cases, (rows) => {
        const scores = rows.map(([score]) => score);
        const isMember = (index: number) => rows[index]![1];
        const members = scores.filter((_, index) => isMember(index));
        const others = scores.filter((_, index) => !isMember(index));
        const found = auroc(scores, isMember);
        if (members.length === 0 || others.length === 0) return found === null;
        const wins = members.flatMap((a) => others.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        const wanted = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
        expect(found).toBeCloseTo(wanted, 9);
        expect(
          auroc(
            scores.map((score) => -score),
            isMember,
          ),
        ).toBeCloseTo(1 - wanted, 9);
        return true;
      }),
    );
  });
});

describe('recallAt', () => {
  const isMember = (index: number) => index < 4;

  test('is the share of the members among those taken', () => {
    // 10 in this order; a budget of 0.3 takes the first three, of which two are members.
    const order = [0, 9, 3, 1, 8, 7, 2, 6, 5, 4];
    expect(recallAt(order, isMember, 0.3)).toBe(0.5);
    expect(recallAt(order, isMember, 1)).toBe(1);
  });

  test('takes at least one, and rounds down', () => {
    expect(recallAt([0, 1, 2, 3, 4], isMember, 0.001)).toBe(0.25);
    expect(recallAt([4, 0, 1, 2, 3], isMember, 0.39)).toBe(0);
  });

  test('is null without members', () => {
    expect(recallAt([5, 6], () => false, 0.5)).toBeNull();
  });
});
