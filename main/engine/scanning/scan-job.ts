import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ScanJob } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { type ScanResult, scanFiles, suspiciousShare } from '#contract/scan.ts';
import { createRandom } from '#core/random/random.ts';
import { scoreClasses } from '#core/statistics/class-scores.ts';
import { openPictureStore } from '#main/data/feeding/picture-store.ts';
import { encodePng } from '#main/data/pictures/decode-picture.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { writeSafetensors } from '../checkpoints/safetensors.ts';
import type { StoredTensor } from '../checkpoints/tensor-dtypes.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { compileStep } from '../compiled-step.ts';
import { createVariables } from '../create-variables.ts';
import { embedClasses } from '../evaluation/class-rows.ts';
import { createEmbedder, type LoadedModel } from '../evaluation/embed.ts';
import { readAllRecords } from '../evaluation/labelled-records.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { locateStep, orderEpoch } from '../training/feeding/epoch-order.ts';
import { toImageTensor } from '../training/feeding/image-batch.ts';
import { cutPictures } from '../training/feeding/raw-pictures.ts';
import { createLambdaSchedule } from './lambda-schedule.ts';
import {
  createScanStep,
  createTriggeredEmbedding,
  fromShare,
  readTrigger,
  scanOptimiser,
  scanVariables,
} from './scan-step.ts';

/** Passes over the pictures with each learning rate. */
const rates = [
  { until: 200, rate: 0.5 },
  { until: 500, rate: 0.1 },
  { until: Number.POSITIVE_INFINITY, rate: 0.05 },
];

/**
 * Looks for a small trigger that makes all pictures alike in a model's eyes, without data of its attack (DECREE, CVPR
 * 2023). Writes mask, trigger and the feature that it makes into the job's folder, where it found one.
 * @throws JobStopped once stopped; WorkbenchError `bad-input` for fewer pictures than two
 */
export async function runScanJob(job: ScanJob, context: JobContext): Promise<ScanResult> {
  const spec = await readModelSpec(job.model);
  const side = spec.clip.image.resolution;
  const pictures = await readPictures(job, side);
  const model = { spec, ...loadWeights(path.join(job.model, checkpointFiles.weights), spec) };
  try {
    const found = await invert(job, context, { model, pictures });
    if (found.best === null) {
      return {
        share: null,
        verdict: 'no backdoor found',
        cosine: null,
        steps: found.steps,
        pictures: pictures.length,
        nearest: [],
      };
    }
    const { mask, pattern, cosine, size } = found.best;
    const feature = await embedTriggered(model, [mask, pattern], pictures.slice(0, job.settings.batchSize));
    await writeFiles(job.outputFolder, side, [mask, pattern], feature);
    tf.dispose([mask, pattern]);
    const share = size / (3 * side * side);
    return {
      share,
      verdict: share < suspiciousShare ? 'backdoor' : 'no backdoor found',
      cosine,
      steps: found.steps,
      pictures: pictures.length,
      nearest: await findNearest(job, model, feature),
    };
  } finally {
    tf.dispose([model.parameters, model.statistics]);
  }
}

async function readPictures({ recordsFile }: ScanJob, side: number): Promise<ReturnType<typeof cutPictures>> {
  const records = await readAllRecords(recordsFile);
  if (records.length < 2) {
    const message = `There ${records.length === 1 ? 'is one picture' : 'are no pictures'} to lay a trigger on: choose a dataset with more.`;
    throw new WorkbenchError('bad-input', message, { pictures: records.length });
  }
  const store = openPictureStore({ records, attacks: [], resolution: side });
  const raw = await store.read(Uint32Array.from(records.keys())).finally(() => store.close());
  return cutPictures(raw, side);
}

interface Inversion {
  steps: number;
  /** The smallest trigger that made embeddings alike. The caller disposes its tensors. */
  best: { mask: tf.Tensor; pattern: tf.Tensor; cosine: number; size: number } | null;
}

async function invert(
  { settings }: ScanJob,
  context: JobContext,
  { model, pictures }: { model: LoadedModel; pictures: ReturnType<typeof cutPictures> },
): Promise<Inversion> {
  const side = model.spec.clip.image.resolution;
  const batchSize = Math.min(settings.batchSize, pictures.length);
  const perPass = Math.floor(pictures.length / batchSize);
  const constants = [...Object.values(model.parameters), ...Object.values(model.statistics)];
  const variables = createVariables('scan');
  const compiled = compileStep(createScanStep(model), { name: 'scan', constants, variables });
  const random = createRandom('scan', settings.seed);
  tf.tidy(() => {
    for (const { variable, moments } of scanVariables) {
      const shape: [number, number, number] = [side, side, variable === 'mask' ? 1 : 3];
      const length = shape.reduce((product, part) => product * part, 1);
      const values = Float32Array.from({ length }, () => fromShare(random.next()));
      variables.create(variable, tf.tensor3d(values, shape));
      for (const moment of moments) variables.create(moment, tf.zeros(shape));
    }
  });
  const schedule = createLambdaSchedule();
  let best: Inversion['best'] = null;
  let step = 0;
  try {
    for (; step < settings.steps && !schedule.isOver; step++) {
      if (context.stopRequested()) throw new JobStopped(0);
      const { epoch, batch } = locateStep(step, perPass);
      const order = orderEpoch(pictures.length, settings.seed, epoch);
      const rows = order.slice(batch * batchSize, (batch + 1) * batchSize);
      const learningRate = rates.find(({ until }) => epoch < until)?.rate ?? 0.05;
      const factors = scanOptimiser.factors({ learningRate, weightDecay: 0, step: step + 1 });
      const inputs = [
        toImageTensor(Array.from(rows, (row) => pictures[row]!)),
        ...[schedule.lambda, ...factors].map((value) => tf.scalar(value)),
      ];
      const [cosineTensor, sizeTensor, mask, pattern] = await compiled.run(inputs);
      const cosine = (await cosineTensor!.data())[0]!;
      const size = (await sizeTensor!.data())[0]!;
      tf.dispose([...inputs, cosineTensor!, sizeTensor!]);
      if (schedule.see(cosine, size)) {
        if (best) tf.dispose([best.mask, best.pattern]);
        best = { mask: mask!, pattern: pattern!, cosine, size };
      } else tf.dispose([mask!, pattern!]);
      context.emit({
        type: 'progress',
        phase: `inverting (alike ${cosine.toFixed(2)}, mask ${((100 * size) / (3 * side * side)).toFixed(1)} %)`,
        done: step + 1,
        total: settings.steps,
      });
    }
    return { steps: step, best };
  } catch (error) {
    if (best) tf.dispose([best.mask, best.pattern]);
    throw error;
  } finally {
    compiled.dispose();
    variables.dispose();
  }
}

/** The mean unit embedding of triggered pictures, of length 1 again. */
async function embedTriggered(
  model: LoadedModel,
  trigger: [mask: tf.Tensor, pattern: tf.Tensor],
  pictures: ReturnType<typeof cutPictures>,
): Promise<Float32Array<ArrayBuffer>> {
  const constants = [...Object.values(model.parameters), ...Object.values(model.statistics)];
  const compiled = compileStep(createTriggeredEmbedding(model), { name: 'embed triggered', constants });
  const pixels = toImageTensor(pictures);
  const [rows] = await compiled.run([...trigger, pixels]);
  const mean = tf.tidy(() => {
    const sum = tf.sum(rows!, 0);
    return tf.div(sum, tf.norm(sum));
  });
  const values = Float32Array.from(await mean.data());
  tf.dispose([rows!, mean, pixels]);
  compiled.dispose();
  return values;
}

async function writeFiles(
  folder: string,
  side: number,
  [mask, pattern]: [tf.Tensor, tf.Tensor],
  feature: Float32Array<ArrayBuffer>,
): Promise<void> {
  const trigger = tf.tidy(() => {
    const read = readTrigger({ mask, pattern });
    return { mask: tf.keep(read.mask), fusion: tf.keep(tf.mul(read.mask, read.pattern)) };
  });
  const bytes = async (tensor: tf.Tensor) =>
    Uint8Array.from(await tensor.data(), (value) => Math.min(255, Math.max(0, Math.round(value * 255))));
  const grey = await bytes(trigger.mask);
  const picture = (data: Uint8Array) => encodePng({ width: side, height: side, data });
  mkdirSync(folder, { recursive: true });
  const greyPicture = Uint8Array.from({ length: grey.length * 3 }, (_, at) => grey[Math.floor(at / 3)]!);
  writeFileSync(path.join(folder, scanFiles.mask), await picture(greyPicture));
  writeFileSync(path.join(folder, scanFiles.trigger), await picture(await bytes(trigger.fusion)));
  tf.dispose([trigger.mask, trigger.fusion]);
  const stored: StoredTensor = { dtype: 'F32', shape: [feature.length], data: feature };
  writeSafetensors(path.join(folder, scanFiles.feature), new Map([['feature', stored]]));
}

/** How many classes are told. */
const toldClasses = 5;

/** Classes nearest to a feature; none for a model without a text tower or a dataset without classes. */
async function findNearest(
  { classes, prompts, settings }: ScanJob,
  model: LoadedModel,
  feature: Float32Array,
): Promise<ScanResult['nearest']> {
  if (model.spec.headClasses !== null || classes.length === 0) return [];
  const embedder = createEmbedder(model, createTextEncoder(model.spec));
  try {
    const { batchSize } = settings;
    const { values } = await embedClasses(embedder, { classes, prompts, batchSize }, feature.length);
    const { order, similarities } = scoreClasses(feature, values, 1, toldClasses);
    return order.map((number) => ({ class: classes[number]!, similarity: similarities?.[number] ?? 0 }));
  } finally {
    embedder.dispose();
  }
}
