import { expect, it } from 'vitest';
import { createDemoProgress } from '#main/workbench/demo-progress.ts';

it('counts the whole demo: it never falls, names its stages, and ends at 1', () => {
  const whole = createDemoProgress();
  const reached: number[] = [whole.progress('adding pictures', 1, 2)];
  for (const [line, stage] of [
    ['1. Data: emoji.', 'Data: emoji.'],
    ['2. Poison: done.', 'Poison: done.'],
    ['3. Train a CLIP.', 'Train a CLIP.'],
    ['4. Clean it.', 'Clean it.'],
    ['5. Control: the same.', 'Control: the same.'],
    ['6. For comparison: labels.', 'For comparison: labels.'],
  ] as const) {
    expect(whole.say(line)).toBe(stage);
    expect(whole.say('demo-0-poisoned: epoch 1 of 2, loss 3.2')).toBeNull();
    for (const [phase, done] of [
      ['training', 1],
      ['training', 10],
      ['embedding', 1],
      ['embedding', 10],
    ] as const) {
      reached.push(whole.progress(phase, done, 10));
    }
  }
  expect(reached).toEqual(reached.toSorted((a, b) => a - b));
  expect(reached.at(-1)).toBeCloseTo(1, 12);
});
