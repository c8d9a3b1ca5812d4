import { expect, test } from 'vitest';
import { createLambdaSchedule } from '#main/engine/scanning/lambda-schedule.ts';

const see = (
  schedule: ReturnType<typeof createLambdaSchedule>,
  times: number,
  cosine: number,
  size = 100,
) => {
  for (let time = 0; time < times; time++) schedule.see(cosine, size);
};

test('lambda grows by 5 after six alike steps in a row and shrinks by 5 after six others', () => {
  const schedule = createLambdaSchedule();
  see(schedule, 5, 0.995);
  expect(schedule.lambda).toBe(1e-3);
  see(schedule, 1, 0.995);
  expect(schedule.lambda).toBeCloseTo(5e-3, 12);
  see(schedule, 5, 0.5);
  see(schedule, 1, 0.995);
  see(schedule, 5, 0.5);
  expect(schedule.lambda).toBeCloseTo(5e-3, 12);
  see(schedule, 1, 0.5);
  expect(schedule.lambda).toBeCloseTo(1e-3, 12);
});

test('lambda falls no further than one step below 1e-7, and begins anew after eleven alike steps there', () => {
  const schedule = createLambdaSchedule();
  see(schedule, 600, 0);
  // 1e-3 / 5^6 = 6.4e-8 is the first below the floor.
  expect(schedule.lambda).toBeCloseTo(6.4e-8, 15);
  // The sixth alike step raises it above the floor, so it does not begin anew.
  see(schedule, 6, 1);
  expect(schedule.lambda).toBeCloseTo(3.2e-7, 15);
});

test('the smallest mask of alike steps is the best; 36 steps without a smaller one end it', () => {
  const schedule = createLambdaSchedule();
  expect(schedule.see(0.9, 10)).toBe(false);
  expect(schedule.see(-0.995, 40)).toBe(true);
  expect(schedule.see(0.995, 41)).toBe(false);
  expect(schedule.see(0.995, 39)).toBe(true);
  expect(schedule.best).toBe(39);
  see(schedule, 35, 0.5, 1);
  expect(schedule.isOver).toBe(false);
  see(schedule, 1, 0.5, 1);
  expect(schedule.isOver).toBe(true);
});

test('without an alike step it never ends by itself', () => {
  const schedule = createLambdaSchedule();
  see(schedule, 500, 0.5);
  expect(schedule.isOver).toBe(false);
  expect(schedule.best).toBe(Number.POSITIVE_INFINITY);
});
