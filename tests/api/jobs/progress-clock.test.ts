import { expect, it } from 'vitest';
import { createProgressClock } from '#main/api/jobs/progress-clock.ts';

it('guesses from the speed of the phase, once that says something', () => {
  let nowMs = 0;
  const clock = createProgressClock(() => nowMs);
  expect(clock.secondsLeft('training', 100, 1000)).toBeNull();
  nowMs = 1_000;
  expect(clock.secondsLeft('training', 150, 1000)).toBeNull();
  nowMs = 10_000;
  // 200 steps in 10 s: 700 more take 35 s.
  expect(clock.secondsLeft('training', 300, 1000)).toBe(35);
  expect(clock.secondsLeft('evaluating', 1, 10)).toBeNull();
  nowMs = 14_000;
  // 3 in 4 s: 6 more take 8 s.
  expect(clock.secondsLeft('evaluating', 4, 10)).toBe(8);
  expect(clock.secondsLeft('reading', 4, 0)).toBeNull();
});
