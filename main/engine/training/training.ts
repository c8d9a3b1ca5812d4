import path from 'node:path';
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { EngineRecord, TrainJob } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { loopOf } from '#contract/methods/method-registry.ts';
import { openPictureStore } from '#main/data/feeding/picture-store.ts';
import { synonymsInWordnet } from '#main/data/words/wordnet.ts';
import { readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { countMomentSteps } from '../checkpoints/moments-file.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { type CompiledStep, compileStep } from '../compiled-step.ts';
import type { JobContext } from '../job.ts';
import type { Batch } from '../methods/building-blocks/batch-recipe.ts';
import { engineMethods } from '../methods/method-registry.ts';
import type { MethodTools, Phase, Tensors, TrainingMethod } from '../methods/training-method.ts';
import { createTextEncoder } from '../text-encoder.ts';
import { type BatchSource, createBatchSource, describeBatches } from './batches.ts';
import { createCachedStep } from './cached-step.ts';
import { type EpochRows, layOutEpoch, locateStep } from './epoch-order.ts';
import type { EpochProgress } from './epoch-progress.ts';
import { type EpochPlan, loadMethodState } from './method-state.ts';
import { createMethodTools } from './method-tools.ts';
import { partition, prepareStart, readWeights } from './prepare-start.ts';
import { loadMoments, saveTrainingState } from './saved-state.ts';
import { TrainingState } from './training-state.ts';
import { createStep, describeInputs, namesIn, runStep } from './training-step.ts';

/** Pictures are kept decoded up to this much memory. */
const pictureMemoryBytes = 2 * 1024 ** 3;

/** What a step gave. */
export interface StepTaken {
  loss: number;
  learningRate: number;
  logitScale: number | null;
  /** How long it waited for its batch, milliseconds. */
  waitedMs: number;
}

/** A run in the engine: its model, its method and its data. */
export interface Training {
  readonly spec: ModelSpec;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Takes a step, counted from 0; they must come in their order. @throws WorkbenchError `bad-input` for an overflow */
  takeStep(step: number): Promise<StepTaken>;
  /** What the method does after its last step. */
  finish(step: number): Promise<void>;
  /** Writes the checkpoint of `step`, with how far its epoch is, and says so. @returns SHA-256 (hex) of the weights */
  checkpoint(step: number, epoch: EpochProgress): Promise<string>;
  dispose(): Promise<void>;
}

/** Opens a run at its start, or at the checkpoint that the job goes on from. */
export async function openTraining(
  job: TrainJob,
  records: readonly EngineRecord[],
  context: JobContext,
): Promise<Training> {
  const { config, classes, resume } = job;
  const { epochs, batchSize } = loopOf(config.settings);
  const { spec, weights } = await prepareStart(job, records);
  const stepsPerEpoch = epochs === 0 ? 0 : Math.floor(records.length / batchSize);
  const totalSteps = epochs * stepsPerEpoch;
  const method = engineMethods[config.method](config.settings, {
    spec,
    classes,
    promptTexts: job.promptTexts,
    seed: config.seed,
    stepsPerEpoch,
    totalSteps,
  });
  const [trained, frozen] = partition(weights.parameters, method.isTrained);
  const { memory, plan } = resume ? loadMethodState(resume.folder) : { memory: {}, plan: null };
  const origin = originOfMoments(job, method);
  const moments = origin === null ? null : loadMoments(origin.folder, method.optimiser, shapesOf(trained));
  const { statistics } = weights;
  const state = new TrainingState(
    { parameters: trained, frozen, statistics, memory, moments },
    method.optimiser,
  );
  const training = new OpenTraining({
    job,
    context,
    records,
    spec,
    method,
    state,
    plan,
    stepsPerEpoch,
    totalSteps,
    batchSize,
    stepsBefore: origin?.stepsBefore ?? 0,
    startSpec: job.start === null ? null : await readModelSpec(job.start),
  });
  try {
    await training.begin(resume?.step ?? 0);
  } catch (error) {
    await training.dispose();
    throw error;
  }
  return training;
}

/** Where the optimiser's moments come from: the run's own checkpoint, or its start's where the method keeps those. */
function originOfMoments(
  { resume, start }: TrainJob,
  { keepsMoments }: TrainingMethod,
): { folder: string; stepsBefore: number } | null {
  if (resume !== null) {
    const { folder, step } = resume;
    return { folder, stepsBefore: (countMomentSteps(folder) ?? step) - step };
  }
  if (!keepsMoments) return null;
  const steps = start === null ? null : countMomentSteps(start);
  if (start !== null && steps !== null) return { folder: start, stepsBefore: steps };
  throw new WorkbenchError(
    'bad-input',
    "The model that the run starts from has no moments of AdamW to keep. Choose fresh moments, or start from a run's model or a training checkpoint of the reference implementation.",
    { start },
  );
}

interface Parts {
  job: TrainJob;
  context: JobContext;
  records: readonly EngineRecord[];
  spec: ModelSpec;
  method: TrainingMethod;
  state: TrainingState;
  plan: EpochPlan | null;
  stepsPerEpoch: number;
  totalSteps: number;
  batchSize: number;
  /** Steps that the optimiser's moments had seen before the run's first. */
  stepsBefore: number;
  startSpec: ModelSpec | null;
}

class OpenTraining implements Training {
  readonly spec: ModelSpec;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly #parts: Parts;
  readonly #pictures: ReturnType<typeof openPictureStore>;
  readonly #batches: BatchSource;
  readonly #encode: ReturnType<typeof createTextEncoder>;
  readonly #compiled = new Map<string, CompiledStep>();
  readonly #state: TrainingState;
  #changed = 0;
  #constants: Tensors = {};
  #plan: EpochPlan | null;
  #epoch: { number: number; rows: EpochRows } | null = null;
  /** The batch of the step to come, made while TensorFlow computes on its own threads. */
  #prepared: { step: number; batch: Promise<Batch> } | null = null;

  constructor(parts: Parts) {
    const { spec, stepsPerEpoch, totalSteps, records, job } = parts;
    this.#parts = parts;
    this.spec = spec;
    this.stepsPerEpoch = stepsPerEpoch;
    this.totalSteps = totalSteps;
    this.#state = parts.state;
    this.#plan = parts.plan;
    this.#encode = createTextEncoder(spec);
    const { resolution } = spec.clip.image;
    this.#pictures = openPictureStore({
      records,
      attacks: job.attacks,
      resolution,
      memoryBudgetBytes: pictureMemoryBytes,
      ...(job.config.data.changedPictures === 'list'
        ? { onChanged: (record) => this.#tellChanged(record) }
        : {}),
    });
    this.#batches = createBatchSource({
      seed: job.config.seed,
      records,
      readPictures: (rows) => this.#pictures.read(rows),
      readChanged: (rows, change, drawOf) => this.#pictures.readChanged(rows, change, drawOf),
      synonymsOf: synonymsInWordnet,
      resolution,
      contextLength: spec.clip.text.contextLength,
      encode: this.#encode,
      classes: job.classes,
    });
  }

  /** Lists a picture that is not as it was imported, and counts it in the metrics. */
  #tellChanged({ key }: EngineRecord): void {
    const { context, job } = this.#parts;
    this.#changed += 1;
    context.emit({ type: 'log', text: `The picture of record ${key} has changed since the import.` });
    const step = job.resume?.step ?? 0;
    context.emit({
      type: 'metrics',
      step,
      points: [{ step, name: 'changed_pictures', value: this.#changed }],
    });
  }

  /** The method's hooks before the first step, and the graphs of all steps. */
  async begin(step: number): Promise<void> {
    const { method, job } = this.#parts;
    if (job.resume === null && method.begin) {
      const { begin } = method;
      await this.#withTools(step, async (tools) => {
        const { parameters = {}, memory = {} } = await begin(tools);
        this.#replaceWeights(parameters);
        this.#state.addMemory(memory);
      });
    }
    const { createConstants } = method;
    if (createConstants) this.#constants = await this.#withTools(step, createConstants);
    // The first batch is decoded in its threads while the graphs are traced.
    await this.#prepareNext(step);
    if (step < this.totalSteps) for (const phase of Object.keys(method.phases)) this.#compile(phase);
    collectGarbage();
  }

  async takeStep(step: number): Promise<StepTaken> {
    const { method } = this.#parts;
    const { epoch, batch: place } = locateStep(step, this.stepsPerEpoch);
    const { phase } = (await this.#openEpoch(epoch, step)).find(place);
    const askedMs = performance.now();
    const batch = await this.#takeBatch(step);
    const waitedMs = performance.now() - askedMs;
    try {
      const learningRate = method.learningRateAt(step);
      const optimiserStep = this.#parts.stepsBefore + step;
      const settings = { step: optimiserStep, learningRate, weightDecay: method.weightDecay };
      const running = runStep(this.#compile(phase), this.#state, batch, settings);
      await this.#prepareNext(step + 1);
      const loss = await running;
      checkLoss(loss, step + 1, learningRate);
      const logitScale = await this.#state.readScalar('logit_scale');
      return { loss, learningRate, logitScale, waitedMs };
    } finally {
      tf.dispose(Object.values(batch));
    }
  }

  async finish(step: number): Promise<void> {
    const { finish } = this.#parts.method;
    if (finish) await this.#withTools(step, async (tools) => this.#replaceWeights(await finish(tools)));
  }

  async checkpoint(step: number, progress: EpochProgress): Promise<string> {
    const { job, context, stepsBefore } = this.#parts;
    const folder = path.join(job.outputFolder, `step-${step}`);
    const steps = stepsBefore + step;
    const weightsSha256 = await saveTrainingState(
      folder,
      this.spec,
      this.#state,
      steps,
      this.#plan,
      progress,
    );
    const epoch = this.stepsPerEpoch === 0 ? 0 : Math.floor(step / this.stepsPerEpoch);
    context.emit({ type: 'checkpoint', step, epoch, folder, weightsSha256 });
    return weightsSha256;
  }

  async dispose(): Promise<void> {
    const unused = await this.#prepared?.batch.catch(() => null);
    if (unused) tf.dispose(Object.values(unused));
    await this.#pictures.close();
    for (const compiled of this.#compiled.values()) compiled.dispose();
    tf.dispose(this.#constants);
    this.#state.dispose();
  }

  /** Calls a hook of the method with the weights as they are now. */
  async #withTools<T>(step: number, use: (tools: MethodTools) => Promise<T>): Promise<T> {
    const { records, context, job, startSpec } = this.#parts;
    const state = this.#state;
    const weights = {
      parameters: { ...state.read('parameters'), ...state.read('frozen') },
      statistics: state.read('statistics'),
    };
    const tools = createMethodTools(
      {
        spec: this.spec,
        records,
        pictures: this.#pictures,
        encode: this.#encode,
        weights,
        step,
        loadStartWeights: () =>
          job.start === null || startSpec === null ? null : readWeights(job.start, startSpec),
      },
      context,
    );
    try {
      return await use(tools);
    } finally {
      tf.dispose([weights.parameters, weights.statistics]);
    }
  }

  /** Which records each step of an epoch takes; the method plans it where it is new. */
  async #openEpoch(epoch: number, step: number): Promise<EpochRows> {
    if (this.#epoch?.number === epoch) return this.#epoch.rows;
    const { method, records, job, batchSize } = this.#parts;
    if (method.planEpoch && this.#plan?.epoch !== epoch) {
      const { planEpoch } = method;
      const notes = this.#plan?.notes ?? null;
      const planned = await this.#withTools(step, (tools) => planEpoch(epoch, notes, tools));
      this.#plan = { epoch, stages: planned.stages, notes: planned.notes ?? null };
    }
    const whole = { phase: firstPhase(method), steps: this.stepsPerEpoch, rows: null };
    const rows = layOutEpoch(this.#plan?.stages ?? [whole], {
      records: records.length,
      batchSize,
      seed: job.config.seed,
      epoch,
    });
    this.#epoch = { number: epoch, rows };
    return rows;
  }

  #takeBatch(step: number): Promise<Batch> {
    const prepared = this.#prepared;
    this.#prepared = null;
    return prepared?.step === step ? prepared.batch : this.#prepare(step);
  }

  /** A method that plans its epochs sees the weights as they are then: the first batch of an epoch waits for it. */
  async #prepareNext(step: number): Promise<void> {
    const { method } = this.#parts;
    if (step >= this.totalSteps) return;
    if (method.planEpoch && step % this.stepsPerEpoch === 0) return;
    const batch = this.#prepare(step);
    batch.catch(() => {});
    this.#prepared = { step, batch };
  }

  async #prepare(step: number): Promise<Batch> {
    const { epoch, batch } = locateStep(step, this.stepsPerEpoch);
    const { phase, rows } = (await this.#openEpoch(epoch, step)).find(batch);
    return this.#batches.prepare({ step, rows, recipe: this.#phase(phase).batch });
  }

  #phase(name: string): Phase {
    const phase = this.#parts.method.phases[name];
    if (phase === undefined) throw new RangeError(`The method has no phase '${name}'.`);
    return phase;
  }

  /** A phase's step, traced for every text length that a batch can have. */
  #compile(phase: string): CompiledStep {
    const found = this.#compiled.get(phase);
    if (found !== undefined) return found;
    const { job, batchSize } = this.#parts;
    const { objective, batch: recipe, parts } = this.#phase(phase);
    const { image, text } = this.spec.clip;
    const { resolution } = image;
    const { contextLength } = text;
    const batches = describeBatches(recipe, { batchSize, resolution, contextLength });
    const names = namesIn(batches[0]!);
    const name = `train ${job.config.method} ${phase}`;
    const { embedDim } = this.spec.clip;
    const compiled =
      parts === undefined
        ? compileStep(createStep(objective, this.#state, { batch: names, constants: this.#constants }), {
            name,
            constants: Object.values(this.#constants),
            variables: this.#state.variables,
          })
        : createCachedStep(parts.objective, this.#state, {
            name,
            batch: names,
            parts: parts.count,
            embedDim,
          });
    this.#compiled.set(phase, compiled);
    for (const batch of batches) compiled.prepare(describeInputs(this.#state, batch));
    return compiled;
  }

  #replaceWeights(weights: Tensors): void {
    this.#state.writeParameters(weights);
    tf.dispose(weights);
  }
}

function shapesOf(tensors: Tensors): Record<string, number[]> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
}

function firstPhase({ phases }: TrainingMethod): string {
  const [first] = Object.keys(phases);
  if (first === undefined) throw new RangeError('A method that takes steps has a phase.');
  return first;
}

function checkLoss(loss: number, step: number, learningRate: number): void {
  if (Number.isFinite(loss)) return;
  throw new WorkbenchError(
    'bad-input',
    `The loss became ${loss} at step ${step}, at a learning rate of ${learningRate}: try a smaller --learning-rate or more --warmup-steps.`,
    { step, learningRate },
  );
}
