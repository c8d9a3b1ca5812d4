import type * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { EngineRecord } from '#contract/engine.ts';
import type { MethodDefinition } from '#contract/methods/method-definition.ts';
import { type Parameters, type Statistics, take } from '../clip/parameters.ts';
import type { PairEmbeddings } from '../losses/contrast.ts';
import type { Optimiser } from '../training/optimisers/optimiser.ts';
import type { Batch, BatchRecipe } from './building-blocks/batch-recipe.ts';

/** Tensors by name. */
export type Tensors = Record<string, tf.Tensor>;

/** What an objective sees at one step. */
export interface StepInputs {
  /** All of the model's: trained ones and the others. */
  parameters: Parameters;
  statistics: Statistics;
  batch: Batch;
  /** The method's own tensors that steps change, such as a pool of embeddings. */
  memory: Tensors;
  /** The method's own tensors that no step changes, such as a frozen copy. */
  constants: Tensors;
}

/**
 * What a method minimises on one batch: a pure function of tensors. `statistics` are the batch norms' new ones;
 * `memory` holds the new values of those that it changes, of the same shapes.
 */
export type Objective = (given: StepInputs) => {
  loss: tf.Scalar;
  statistics: Statistics;
  memory?: Tensors;
};

/** An objective in two halves, the second of which sees embeddings alone: it can be computed part by part. */
export interface SplitObjective {
  /** Embeddings of some rows of a batch; `statistics` as an objective's. */
  encode(given: StepInputs): { embeddings: PairEmbeddings; statistics: Statistics };
  /** The loss of a whole batch. */
  compare(embeddings: PairEmbeddings, logitScale: tf.Scalar): tf.Scalar;
}

/** Both halves at once. */
export function joinObjective({ encode, compare }: SplitObjective): Objective {
  return (given) => {
    const { embeddings, statistics } = encode(given);
    return { loss: compare(embeddings, take(given.parameters, 'logit_scale') as tf.Scalar), statistics };
  };
}

/** One kind of step that a method takes. Most have a single one. */
export interface Phase {
  batch: BatchRecipe;
  objective: Objective;
  /** The same in so many pieces, one after another (training/cached-step.ts); left out: in one. */
  parts?: { count: number; objective: SplitObjective };
}

/** A stretch of an epoch: so many steps of a phase over some records, in an order that follows from the seed. */
export interface Stage {
  /** A name in the method's phases. */
  phase: string;
  steps: number;
  /** Places in the run's list of records; null for all. Fewer than the steps need are gone through again. */
  rows: Int32Array<ArrayBuffer> | null;
}

/** What a method knows when it is made for a run. */
export interface MethodContext {
  spec: ModelSpec;
  /** Names of the dataset's classes, in the order of a head. */
  classes: readonly string[];
  /** Each of the dataset's prompts filled in with each class: all classes by the first, then by the next. */
  promptTexts: readonly string[];
  seed: number;
  stepsPerEpoch: number;
  totalSteps: number;
}

/** What a method's hooks may use. */
export interface MethodTools {
  records: readonly EngineRecord[];
  /** The model as it is now. The tensors stay the run's. */
  weights: { parameters: Parameters; statistics: Statistics };
  /** Weights of the model that the run started from, also after a resume; null from scratch. The caller disposes them. */
  loadStartWeights(): { parameters: Parameters; statistics: Statistics } | null;
  /** Embeddings of the records by the model as it is now, batch norms by their running statistics: [records, embedDim]. */
  embedPictures(): Promise<Float32Array>;
  embedCaptions(): Promise<Float32Array>;
  /** Embeddings of texts by the model as it is now: [texts, embedDim]. */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
  /**
   * Mean size of each unit over the records' pictures, by the layer that reads them (see clip/watch.ts): how much it has
   * to do with clean pictures.
   */
  measureUnits(): Promise<Record<string, Float32Array>>;
}

/**
 * One run's method. Whatever follows from the run's start alone is a constant and made anew after a resume; what steps
 * change is memory, and what hooks choose are stages and notes: these are saved in each checkpoint and come back bit
 * for bit.
 */
export interface TrainingMethod {
  /** Which parameters get gradients and moments; the others stay as they are. */
  isTrained(name: string): boolean;
  optimiser: Optimiser;
  /** Goes on with the moments of the model that the run starts from; left out: they begin at 0. */
  keepsMoments?: boolean;
  weightDecay: number;
  /** @param step counted from 0 */
  learningRateAt(step: number): number;
  /** By name; none for a method that takes no steps. */
  phases: Record<string, Phase>;
  /** Made before the first step, and again after a resume. The run disposes them. */
  createConstants?(tools: MethodTools): Promise<Tensors>;
  /** Called once, before the first step: first memory, or other weights to begin with. The run owns the tensors. */
  begin?(tools: MethodTools): Promise<{ parameters?: Parameters; memory?: Tensors }>;
  /**
   * Called before each epoch: its stages, of `stepsPerEpoch` steps together, and notes for the next call. Left out:
   * one stage of the first phase over all records.
   * @param notes those of the call before; null at first
   */
  planEpoch?(
    epoch: number,
    notes: unknown,
    tools: MethodTools,
  ): Promise<{ stages: Stage[]; notes?: unknown }>;
  /** Called after the last step: the weights to end with. The run owns the tensors. */
  finish?(tools: MethodTools): Promise<{ parameters: Parameters; statistics?: Statistics }>;
}

/** Makes a method for a run; refuses settings that are not its own. */
export type CreateMethod = (settings: unknown, context: MethodContext) => TrainingMethod;

/** The engine's side of a method, with the settings that its definition describes. */
export function implementMethod<Schema extends z.ZodObject>(
  { settings: schema }: MethodDefinition<Schema>,
  create: (settings: z.output<Schema>, context: MethodContext) => TrainingMethod,
): CreateMethod {
  return (settings, context) => create(schema.parse(settings), context);
}
