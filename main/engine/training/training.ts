import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { EngineRecord, TrainJob } from '#contract/engine.ts';
import { precisionOf } from '#contract/methods/common-settings.ts';
import { loopOf } from '#contract/methods/method-registry.ts';
import type { PictureStore } from '#main/data/feeding/picture-store.ts';
import { readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { collectGarbage } from '../collect-garbage.ts';
import type { CompiledStep } from '../compiled-step.ts';
import type { JobContext } from '../job.ts';
import { engineMethods } from '../methods/method-registry.ts';
import type { MethodTools, Tensors, TrainingMethod } from '../methods/training-method.ts';
import { createTextEncoder, type TextEncoder } from '../text-encoder.ts';
import type { EpochProgress } from './epoch-progress.ts';
import { createEpochPlans, type EpochPlans } from './feeding/epoch-plans.ts';
import { type Feed, openFeed, openRunPictures } from './feeding/feed.ts';
import { type EpochPlan, loadMethodState } from './method-state.ts';
import { createMethodTools } from './method-tools.ts';
import { createPhaseSteps, type PhaseSteps } from './phase-steps.ts';
import { partition, prepareStart, readWeights, resolutionOf } from './prepare-start.ts';
import { loadMoments, saveTrainingState } from './saved-state.ts';
import { findStartMoments } from './start-moments.ts';
import { type ReplacedWeights, TrainingState } from './training-state.ts';
import { startStep } from './training-step.ts';
import { type StepTaken, UnreadSteps } from './unread-steps.ts';

/** A run in the engine: its model, its method and its data. */
export interface Training {
  readonly spec: ModelSpec;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Takes a step, counted from 0; they must come in their order. */
  takeStep(step: number): Promise<void>;
  /** What the steps since the last reading gave. @throws WorkbenchError `bad-input` for an overflow */
  readSteps(): Promise<StepTaken[]>;
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
  // Before all else, so that its threads read their code while the weights are made.
  const pictures = openRunPictures(job, context, records, await resolutionOf(job));
  let training: OpenTraining | null = null;
  try {
    training = new OpenTraining({ job, context, records, pictures, ...(await prepareRun(job, records)) });
    await training.begin(job.resume?.step ?? 0);
    return training;
  } catch (error) {
    await (training === null ? pictures.close() : training.dispose());
    throw error;
  }
}

/** A run's model, method and state, as it begins or goes on. */
interface PreparedRun {
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

async function prepareRun(job: TrainJob, records: readonly EngineRecord[]): Promise<PreparedRun> {
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
  const origin = findStartMoments(job, method);
  const moments = origin === null ? null : loadMoments(origin.folder, method.optimiser, shapesOf(trained));
  const { statistics } = weights;
  const startSpec = job.start === null ? null : await readModelSpec(job.start);
  const state = new TrainingState(
    { parameters: trained, frozen, statistics, memory, moments },
    method.optimiser,
  );
  const stepsBefore = origin?.stepsBefore ?? 0;
  return { spec, method, state, plan, stepsPerEpoch, totalSteps, batchSize, stepsBefore, startSpec };
}

interface Parts extends PreparedRun {
  job: TrainJob;
  context: JobContext;
  records: readonly EngineRecord[];
  /** Closed with the training. */
  pictures: PictureStore;
}

class OpenTraining implements Training {
  readonly spec: ModelSpec;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly #parts: Parts;
  readonly #state: TrainingState;
  readonly #encode: TextEncoder;
  readonly #plans: EpochPlans;
  readonly #feed: Feed;
  #constants: Tensors = {};
  #steps: PhaseSteps | null = null;
  readonly #unread = new UnreadSteps();

  constructor(parts: Parts) {
    const { spec, method, stepsPerEpoch, totalSteps, records, job } = parts;
    this.#parts = parts;
    this.spec = spec;
    this.stepsPerEpoch = stepsPerEpoch;
    this.totalSteps = totalSteps;
    this.#state = parts.state;
    this.#encode = createTextEncoder(spec);
    this.#plans = createEpochPlans({
      method,
      records: records.length,
      batchSize: parts.batchSize,
      stepsPerEpoch,
      seed: job.config.seed,
      plan: parts.plan,
      withTools: (step, use) => this.#withTools(step, use),
    });
    const { phases } = method;
    this.#feed = openFeed({ ...parts, phases, plans: this.#plans });
  }

  /** The method's hooks before the first step, and the graphs of all steps. */
  async begin(step: number): Promise<void> {
    const { method, job } = this.#parts;
    if (job.resume === null && method.begin) {
      const { begin } = method;
      await this.#withTools(step, async (tools) => {
        const { parameters = {}, memory = {} } = await begin(tools);
        this.#replaceWeights({ parameters });
        this.#state.addMemory(memory);
      });
    }
    const { createConstants } = method;
    if (createConstants) this.#constants = await this.#withTools(step, createConstants);
    // The first pictures are decoded in their threads while the graphs are traced.
    this.#feed.batches.fill(step - 1);
    // What they ask of the threads goes out before tracing keeps this one busy.
    await setImmediate();
    const { spec, batchSize } = this.#parts;
    const { phases } = method;
    const steps = createPhaseSteps(this.#state, {
      name: job.config.method,
      phases,
      spec,
      batchSize,
      constants: this.#constants,
      precision: precisionOf(job.config.settings),
    });
    this.#steps = steps;
    if (step < this.totalSteps) for (const phase of Object.keys(phases)) steps.find(phase);
    collectGarbage();
  }

  async takeStep(step: number): Promise<void> {
    const { method } = this.#parts;
    const { phase } = await this.#plans.find(step);
    const askedMs = performance.now();
    const batch = await this.#feed.batches.take(step);
    const waitedMs = performance.now() - askedMs;
    try {
      const learningRate = method.learningRateAt(step);
      const optimiserStep = this.#parts.stepsBefore + step;
      const settings = { step: optimiserStep, learningRate, weightDecay: method.weightDecay };
      const running = startStep(this.#stepOf(phase), this.#state, batch, settings);
      this.#feed.batches.fill(step);
      const loss = await running;
      const logitScale = this.#state.readScalar('logit_scale');
      this.#unread.add({ step: step + 1, learningRate, waitedMs, loss, logitScale });
    } finally {
      tf.dispose(Object.values(batch));
    }
  }

  readSteps(): Promise<StepTaken[]> {
    return this.#unread.read();
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
      this.#plans.plan,
      progress,
    );
    const epoch = this.stepsPerEpoch === 0 ? 0 : Math.floor(step / this.stepsPerEpoch);
    context.emit({ type: 'checkpoint', step, epoch, folder, weightsSha256 });
    return weightsSha256;
  }

  async dispose(): Promise<void> {
    await this.#feed.dispose();
    this.#unread.dispose();
    this.#steps?.dispose();
    tf.dispose(this.#constants);
    this.#state.dispose();
  }

  /** Calls a hook of the method with the weights as they are now. */
  async #withTools<T>(step: number, use: (tools: MethodTools) => Promise<T>): Promise<T> {
    const { records, pictures, context, job, startSpec } = this.#parts;
    const state = this.#state;
    const weights = {
      parameters: { ...state.read('parameters'), ...state.read('frozen') },
      statistics: state.read('statistics'),
    };
    const tools = createMethodTools(
      {
        spec: this.spec,
        records,
        pictures,
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

  #stepOf(phase: string): CompiledStep {
    if (this.#steps === null) throw new RangeError('A training begins before its first step.');
    return this.#steps.find(phase);
  }

  #replaceWeights({ parameters = {}, statistics = {} }: ReplacedWeights): void {
    this.#state.writeWeights({ parameters, statistics });
    tf.dispose([parameters, statistics]);
  }
}

function shapesOf(tensors: Tensors): Record<string, number[]> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
}
