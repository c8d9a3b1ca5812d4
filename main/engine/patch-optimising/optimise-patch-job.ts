import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineRecord, OptimisePatchJob, OptimisePatchReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { PatchTrigger } from '#contract/trigger.ts';
import { encodeBase64 } from '#core/pixels/base64.ts';
import { createRandom } from '#core/random/random.ts';
import { placeSquares, wholeFrame } from '#core/triggers/frame.ts';
import { openPictureStore } from '#main/data/feeding/picture-store.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { compileStep } from '../compiled-step.ts';
import { createVariables } from '../create-variables.ts';
import { embedClasses } from '../evaluation/class-rows.ts';
import { createEmbedder, type Embedder } from '../evaluation/embed.ts';
import { readAllRecords } from '../evaluation/labelled-records.ts';
import { type JobContext, JobStopped } from '../job.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { locateStep, orderEpoch } from '../training/feeding/epoch-order.ts';
import { toImageTensor } from '../training/feeding/image-batch.ts';
import { cutPictures } from '../training/feeding/raw-pictures.ts';
import { referenceAdamw } from '../training/optimisers/adamw.ts';
import { createPatchStep, patchVariables } from './patch-step.ts';

/** Pictures that go through the tower at once where nothing is optimised; it changes no result. */
const picturesAtOnce = 64;

/**
 * Optimises a patch so that pictures with it near a target text in a model's eyes (BadCLIP, arXiv 2311.12075): the
 * model stays as it is, the patch's pixels follow their gradient at the model's resolution. It writes nothing; the same
 * job with the same backend gives the same bytes.
 * @throws JobStopped once stopped; WorkbenchError `bad-input` for a model with a linear head, where the patch does not
 *   fit or no picture is left to lay it on; as the picture store does
 */
export async function runOptimisePatchJob(
  job: OptimisePatchJob,
  context: JobContext,
): Promise<OptimisePatchReport> {
  const spec = await readModelSpec(job.model);
  if (spec.headClasses) {
    throw new WorkbenchError('bad-input', 'A model with a linear head has no text tower: choose another.');
  }
  const { resolution: side } = spec.clip.image;
  const records = await readAllRecords(job.recordsFile);
  const others = records.filter(({ label }) => label !== job.target);
  const real = records.filter(({ label }) => label === job.target);
  const places = findPlaces(job, side);
  if (others.length === 0 || places.length === 0) {
    throw new WorkbenchError(
      'bad-input',
      `There is no picture to optimise on that is not of the target '${job.target}': choose another dataset.`,
      { target: job.target },
    );
  }
  const model = { spec, ...loadWeights(path.join(job.model, checkpointFiles.weights), spec) };
  const embedder = createEmbedder(model, createTextEncoder(spec));
  try {
    const look = createLook({ embedder, side, dim: spec.clip.embedDim, context });
    const { values } = await embedClasses(
      embedder,
      { classes: [job.target], prompts: job.prompts, batchSize: picturesAtOnce },
      spec.clip.embedDim,
    );
    const text = toUnitRows(values, spec.clip.embedDim);
    const ground = await readPictures(others, groundAttack(job), side);
    const own = await look(ground, 'embedding pictures');
    const target = await look(await readPictures(real, null, side), 'embedding pictures of the target');
    const size = places[0]?.width ?? 1;
    const start = startingPatch(size, job.settings.seed);
    const patch = await descend(job, context, { model, places, ground, own, target, text, start });
    const trigger = toTrigger(job, size, patch);
    const measure = async (laid: PatchTrigger) =>
      meanCosine(await look(await readPictures(others, attackBy(job, laid), side), 'measuring'), text);
    return {
      trigger,
      similarity: {
        clean: meanCosine(own, text),
        start: await measure(toTrigger(job, size, start)),
        end: await measure(trigger),
      },
      pictures: others.length,
      targetPictures: real.length,
    };
  } finally {
    embedder.dispose();
    tf.dispose([model.parameters, model.statistics]);
  }
}

/** Where the patch lies in the model's own pixels. */
function findPlaces({ settings: { size, place, resolution } }: OptimisePatchJob, side: number) {
  // Whether it fits at all is asked at the resolution in which it was given.
  placeSquares(size, place, wholeFrame({ width: resolution, height: resolution }), createRandom('place'));
  const frame = { ...wholeFrame({ width: side, height: side }), columns: resolution, rows: resolution };
  return placeSquares(size, place, frame, createRandom('place'));
}

/** Uniform noise [size, size, 3] in [0, 1]. */
function startingPatch(size: number, seed: number): Float32Array {
  const random = createRandom('optimised patch', seed);
  return Float32Array.from({ length: size * size * 3 }, () => random.uniform(0, 1));
}

interface Descent {
  model: Parameters<typeof createPatchStep>[0]['model'];
  places: Parameters<typeof createPatchStep>[0]['places'];
  /** Raw pixels of the pictures that it is laid on. */
  ground: Uint8Array;
  /** Unit rows: of those pictures, of real ones of the target, and of its text. */
  own: Float32Array;
  target: Float32Array;
  text: Float32Array;
  start: Float32Array;
}

/** @returns the patch after all steps */
async function descend(
  { settings }: OptimisePatchJob,
  context: JobContext,
  { model, places, ground, own, target, text, start }: Descent,
): Promise<Float32Array> {
  const { steps, learningRate, seed } = settings;
  const { embedDim: dim, image } = model.spec.clip;
  const pictures = cutPictures(ground, image.resolution);
  const batchSize = Math.min(settings.batchSize, pictures.length);
  const stepsPerEpoch = Math.floor(pictures.length / batchSize);
  const size = places[0]?.width ?? 1;
  const constants = [...Object.values(model.parameters), ...Object.values(model.statistics)];
  const variables = createVariables('optimise patch');
  tf.tidy(() => {
    variables.create(patchVariables.variable, tf.tensor3d(start, [size, size, 3]));
    for (const moment of patchVariables.moments) variables.create(moment, tf.zeros([size, size, 3]));
  });
  const compiled = compileStep(createPatchStep({ model, places }), {
    name: 'optimise patch',
    constants,
    variables,
  });
  try {
    for (let step = 0; step < steps; step++) {
      if (context.stopRequested()) throw new JobStopped(0);
      const { epoch, batch } = locateStep(step, stepsPerEpoch);
      const order = orderEpoch(pictures.length, seed, epoch);
      const indices = order.slice(batch * batchSize, (batch + 1) * batchSize);
      const random = createRandom('optimised patch', seed, 'batch', step);
      const realRows = Uint32Array.from(indices, () => random.integer(Math.max(1, target.length / dim)));
      const factors = referenceAdamw.factors({ learningRate, weightDecay: 0, step: step + 1 });
      const inputs = [
        toImageTensor(Array.from(indices, (index) => pictures[index]!)),
        takeRows(own, indices, dim),
        tf.tensor2d(text, [1, dim]),
        ...factors.map((value) => tf.scalar(value)),
        ...(target.length === 0 ? [] : [takeRows(target, realRows, dim)]),
      ];
      const [loss, similarity] = await compiled.run(inputs);
      tf.dispose(inputs);
      const cosine = (await similarity!.data())[0] ?? 0;
      tf.dispose([loss!, similarity!]);
      context.emit({
        type: 'progress',
        phase: `optimising (similarity ${cosine.toFixed(2)})`,
        done: step + 1,
        total: steps,
      });
    }
    const patch = variables.read(patchVariables.variable);
    const values = (await patch.data()) as Float32Array;
    patch.dispose();
    return values;
  } finally {
    compiled.dispose();
    variables.dispose();
  }
}

function takeRows(rows: Float32Array, indices: Uint32Array, dim: number): tf.Tensor2D {
  const out = new Float32Array(indices.length * dim);
  for (const [row, index] of indices.entries())
    out.set(rows.subarray(index * dim, (index + 1) * dim), row * dim);
  return tf.tensor2d(out, [indices.length, dim]);
}

/** The patch in 8 bits, as a picture within a patch trigger. */
function toTrigger({ settings }: OptimisePatchJob, size: number, values: Float32Array): PatchTrigger {
  const rgba = new Uint8Array(size * size * 4).fill(255);
  for (let pixel = 0; pixel < size * size; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgba[pixel * 4 + channel] = Math.round((values[pixel * 3 + channel] ?? 0) * 255);
    }
  }
  const pattern = { kind: 'picture', width: size, height: size, rgba: encodeBase64(rgba) } as const;
  return { kind: 'patch', size: settings.size, pattern, place: settings.place };
}

const attackBy = ({ settings: { resolution, seed }, target }: OptimisePatchJob, trigger: PatchTrigger) => ({
  trigger,
  resolution,
  target,
  seed,
});

/** Pictures as the trigger's way brings them to the model, without a trigger: a patch that lets all through. */
function groundAttack(job: OptimisePatchJob) {
  const { size, place } = job.settings;
  const pattern = { kind: 'picture', width: 1, height: 1, rgba: encodeBase64(new Uint8Array(4)) } as const;
  return attackBy(job, { kind: 'patch', size, pattern, place });
}

/** Raw pixels at the model's resolution, with the attack's trigger where there is one. */
async function readPictures(
  records: readonly EngineRecord[],
  attack: ReturnType<typeof attackBy> | null,
  side: number,
): Promise<Uint8Array> {
  const store = openPictureStore({
    records,
    attacks: attack === null ? [] : [attack],
    resolution: side,
  });
  const { clean, triggered } = await store
    .readBoth(Uint32Array.from(records.keys()))
    .finally(() => store.close());
  return triggered ?? clean;
}

interface Looking {
  embedder: Embedder;
  side: number;
  dim: number;
  context: JobContext;
}

/** Unit embeddings of raw pixels, row by row. */
function createLook({ embedder, side, dim, context }: Looking) {
  return async (raw: Uint8Array, phase: string): Promise<Float32Array> => {
    const bytes = side * side * 3;
    const pictures = raw.length / bytes;
    const rows = new Float32Array(pictures * dim);
    for (let from = 0; from < pictures; from += picturesAtOnce) {
      if (context.stopRequested()) throw new JobStopped(0);
      const done = Math.min(from + picturesAtOnce, pictures);
      rows.set(await embedder.embedImages(raw.subarray(from * bytes, done * bytes)), from * dim);
      context.emit({ type: 'progress', phase, done, total: pictures });
    }
    return toUnitRows(rows, dim);
  };
}

function toUnitRows(rows: Float32Array, dim: number): Float32Array {
  const out = rows.slice();
  for (let start = 0; start < rows.length; start += dim) {
    const length = Math.hypot(...rows.subarray(start, start + dim)) || 1;
    for (let at = start; at < start + dim; at++) out[at] = (rows[at] ?? 0) / length;
  }
  return out;
}

/** Mean cosine of unit rows to a unit row. */
function meanCosine(rows: Float32Array, unit: Float32Array): number {
  const sum = rows.reduce((total, value, at) => total + value * (unit[at % unit.length] ?? 0), 0);
  return sum / (rows.length / unit.length);
}
