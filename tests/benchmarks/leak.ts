/**
 * Memory over 50 steps of RN50 at batch 4 and 224 pixels: `npm run bench:leak`, about 3 GB and three minutes of
 * processor. Ends with 1 where resident memory after the third step grows by 100 MB or more.
 */

import { useDevice } from '#main/engine/backend.ts';
import { runBenchStepJob } from '#main/engine/bench/bench-step-job.ts';
import type { JobEvent } from '#main/engine/job.ts';

const steps = 50;
const allowedBytes = 100e6;

await useDevice('cpu');
const resident: number[] = [];
const emit = ({ type }: JobEvent) => {
  if (type === 'progress') resident.push(process.memoryUsage().rss);
};
// One step to make the graph and one to warm up come before the first that is told.
await runBenchStepJob(
  {
    kind: 'bench-step',
    model: 'RN50',
    method: 'mmcl',
    batchSize: 4,
    partSize: null,
    precision: 'float32',
    repetitions: steps - 2,
    python: null,
  },
  { emit, stopRequested: () => false },
);
const [third = Number.NaN] = resident;
const grown = Math.max(...resident) - third;
console.log(
  `Resident memory after the third step ${(third / 1e6).toFixed(0)} MB; within ${steps} steps it grew by ${(grown / 1e6).toFixed(0)} MB.`,
);
process.exit(grown < allowedBytes ? 0 : 1);
