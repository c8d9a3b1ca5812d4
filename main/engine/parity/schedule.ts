import path from 'node:path';
import { z } from 'zod';
import type { ParityCheck } from '#contract/engine.ts';
import { learningRateAt } from '#core/training/schedule.ts';
import { judge, largestDifference } from './compare.ts';
import { parseFixture } from './fixture.ts';
import type { ParityPart } from './part.ts';

const tolerance = 1e-12;

const expectedSchema = z
  .array(
    z.object({
      base_lr: z.number().positive(),
      warmup: z.number().int().min(0),
      total: z.number().int().positive(),
      steps: z.array(z.number().int().min(0)).min(1),
      values: z.array(z.number()).min(1),
    }),
  )
  .min(1);

/** Warm-up and cosine: the learning rate at given steps, one check for each schedule in the file's order. */
export const schedulePart: ParityPart = {
  name: 'schedule',
  files: ['schedule.json'],
  check: checkSchedule,
};

async function checkSchedule(folder: string): Promise<ParityCheck[]> {
  const cases = await parseFixture(path.join(folder, 'schedule.json'), expectedSchema);
  return cases.map(({ base_lr: base, warmup: warmupSteps, total: totalSteps, steps, values }, order) => {
    const schedule = { base, warmupSteps, totalSteps, schedule: 'cosine' } as const;
    const found = steps.map((step) => learningRateAt(schedule, step));
    return judge(`schedule/${order}`, largestDifference(found, values), tolerance);
  });
}
