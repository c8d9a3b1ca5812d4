import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import type { MetricPoint } from '#contract/run.ts';
import { readRegularFile } from '#main/data/files/open-regular-file.ts';

const progressName = 'epoch.json';
const maxBytes = 4_096;

const progressSchema = z.object({
  /** Sum of the losses of its steps so far, in their order. */
  lossSum: z.number(),
  steps: z.number().int().min(0),
  seconds: z.number().min(0),
});
type Progress = z.infer<typeof progressSchema>;

/** An epoch's mean loss and its seconds; a resume goes on counting where the checkpoint was. */
export interface EpochProgress {
  add(loss: number): void;
  /** Metrics of the epoch, which ends with `step`; the next one begins. */
  end(step: number): MetricPoint[];
  /** Written into a checkpoint that lies within an epoch. */
  save(folder: string): Promise<void>;
}

/** @param resumed folder of the checkpoint that is gone on from; null: the run begins */
export async function openEpochProgress(resumed: string | null): Promise<EpochProgress> {
  let { lossSum, steps, seconds } = (resumed === null ? null : await load(resumed)) ?? nothing;
  let sinceMs = performance.now();
  const secondsSoFar = () => seconds + (performance.now() - sinceMs) / 1000;
  return {
    add(loss) {
      lossSum += loss;
      steps += 1;
    },
    end(step) {
      const points = [
        { step, name: 'epoch_loss', value: lossSum / steps },
        { step, name: 'epoch_seconds', value: secondsSoFar() },
      ];
      ({ lossSum, steps, seconds } = nothing);
      sinceMs = performance.now();
      return points;
    },
    async save(folder) {
      const progress: Progress = { lossSum, steps, seconds: secondsSoFar() };
      await writeFile(path.join(folder, progressName), `${JSON.stringify(progress)}\n`, { flush: true });
    },
  };
}

const nothing: Progress = { lossSum: 0, steps: 0, seconds: 0 };

/** null for a checkpoint of an older program, which counted anew. */
async function load(folder: string): Promise<Progress | null> {
  const file = path.join(folder, progressName);
  try {
    return progressSchema.parse(JSON.parse((await readRegularFile(file, maxBytes)).toString('utf8')));
  } catch (cause) {
    if (cause instanceof WorkbenchError && cause.kind === 'not-found') return null;
    throw new WorkbenchError(
      'corrupt-file',
      `${file} does not say how far the epoch is.`,
      { file },
      { cause },
    );
  }
}
