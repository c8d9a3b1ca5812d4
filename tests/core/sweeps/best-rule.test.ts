import { describe, expect, test } from 'vitest';
import type { BestRule } from '#contract/sweep.ts';
import { checkBestRule, findBest } from '#core/sweeps/best-rule.ts';

const rule = (changed: Partial<BestRule>): BestRule => ({
  column: 'asr',
  direction: 'lowest',
  where: '',
  ...changed,
});
const run = (lambda: number, seed: number, asr: number, more: Record<string, number> = {}) => ({
  varied: { lambda, seed },
  row: { id: `run-${lambda}-${seed}`, asr, ...more },
});

describe('a rule of the best', () => {
  test.each([
    [rule({ column: 'asrr' }), /There is no column 'asrr'/],
    [rule({ column: 'name' }), /has no numbers/],
    [rule({ where: 'ca >= lots' }), /compares with a word/],
    [rule({ where: 'trigger.sise > 2' }), /There is no column/],
  ])('is refused where no run can meet it: %j', (wrong, message) => {
    expect(() => checkBestRule(wrong)).toThrow(message);
    expect(findBest(wrong, [run(1, 0, 5)])).toBeNull();
  });

  test('may name a parameter of a trigger that no run has', () => {
    expect(() => checkBestRule(rule({ where: 'trigger.size >= 4' }))).not.toThrow();
    expect(findBest(rule({ where: 'trigger.size >= 4' }), [run(1, 0, 5)])).toBeNull();
    expect(findBest(rule({ where: 'trigger.size >= 4' }), [run(1, 0, 5, { 'trigger.size': 4 })])?.mean).toBe(
      5,
    );
  });

  test('takes the mean over runs that differ in seeds alone', () => {
    // Means: 20 and 15; the single lowest run, 2, is of the worse group.
    const runs = [run(1, 0, 2), run(1, 1, 38), run(4, 0, 10), run(4, 1, 20)];
    expect(findBest(rule({}), runs)).toEqual({
      varied: { lambda: 4 },
      runIds: ['run-4-0', 'run-4-1'],
      column: 'asr',
      mean: 15,
    });
    expect(findBest(rule({ direction: 'highest' }), runs)?.varied).toEqual({ lambda: 1 });
    expect(findBest(rule({ where: 'asr < 10' }), runs)?.runIds).toEqual(['run-1-0']);
  });
});
