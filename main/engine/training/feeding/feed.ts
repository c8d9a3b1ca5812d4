import type { ModelSpec } from '#contract/clip-config.ts';
import type { EngineRecord, TrainJob } from '#contract/engine.ts';
import { openPictureStore, type PictureStore } from '#main/data/feeding/picture-store.ts';
import type { JobContext } from '../../job.ts';
import type { Phase } from '../../methods/training-method.ts';
import { takePhase } from '../phase-steps.ts';
import { type BatchQueue, createBatchQueue } from './batch-queue.ts';
import { openBatchMaker } from './batch-threads.ts';
import { createBatchSource } from './batches.ts';
import type { EpochPlans } from './epoch-plans.ts';

/** Pictures are kept decoded up to this much memory. */
const pictureMemoryBytes = 2 * 1024 ** 3;

/** Batches that are made before their step comes. */
const batchesAhead = 2;

/** The pictures of a run, whose threads start at once. */
export function openRunPictures(
  job: TrainJob,
  context: JobContext,
  records: readonly EngineRecord[],
  resolution: number,
): PictureStore {
  return openPictureStore({
    records,
    attacks: job.attacks,
    resolution,
    keep: {
      memoryBytes: pictureMemoryBytes,
      ...(job.pictureCache === undefined ? {} : { disk: job.pictureCache }),
    },
    ...(job.config.data.changedPictures === 'list' ? { onChanged: listChanged(job, context) } : {}),
  });
}

export interface FeedInputs {
  job: TrainJob;
  /** The feed closes them. */
  pictures: PictureStore;
  records: readonly EngineRecord[];
  spec: ModelSpec;
  phases: Record<string, Phase>;
  plans: Pick<EpochPlans, 'find' | 'waitsForWeights'>;
  totalSteps: number;
  batchSize: number;
}

/** What a run's steps take: its pictures, made into batches before their step comes. */
export interface Feed {
  batches: BatchQueue;
  dispose(): Promise<void>;
}

export function openFeed(inputs: FeedInputs): Feed {
  const { job, pictures, records, spec, phases, plans, totalSteps, batchSize } = inputs;
  const { resolution } = spec.clip.image;
  const maker = openBatchMaker(spec, totalSteps * batchSize);
  const source = createBatchSource({
    seed: job.config.seed,
    records,
    pictures,
    maker,
    resolution,
    classes: job.classes,
  });
  const batches = createBatchQueue({
    ahead: batchesAhead,
    mayBegin: (step) => step < totalSteps && !plans.waitsForWeights(step),
    make: async (step) => {
      const { phase, rows } = await plans.find(step);
      return source.prepare({ step, rows, recipe: takePhase(phases, phase).batch });
    },
  });
  return {
    batches,
    async dispose() {
      await batches.dispose();
      await maker.close();
      await pictures.close();
    },
  };
}

/** Lists pictures that are not as they were imported, and counts them in the metrics. */
function listChanged({ resume }: TrainJob, context: JobContext): (record: EngineRecord) => void {
  let changed = 0;
  const step = resume?.step ?? 0;
  return ({ key }) => {
    changed += 1;
    context.emit({ type: 'log', text: `The picture of record ${key} has changed since the import.` });
    context.emit({ type: 'metrics', step, points: [{ step, name: 'changed_pictures', value: changed }] });
  };
}
