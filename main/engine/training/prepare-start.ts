import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelSpec } from '#contract/clip-config.ts';
import type { EngineRecord, TrainJob } from '#contract/engine.ts';
import { collectVocabulary } from '#core/tokenizer/small-vocabulary.ts';
import { loadTokenizer } from '#main/data/clip-merges.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { findArchitecture, specify } from '../clip/architectures.ts';
import { initialise } from '../clip/initialise.ts';
import type { Parameters, Statistics } from '../clip/parameters.ts';
import { createMoments } from './adamw.ts';
import { loadMoments } from './saved-state.ts';
import type { TrainingState } from './training-state.ts';

/** What a run begins with. */
export interface Start {
  spec: ModelSpec;
  state: TrainingState;
  /** Parameters that the run keeps as they are, saved with the others. */
  frozen: Parameters;
}

interface Weights {
  parameters: Parameters;
  statistics: Statistics;
}

/** A run's first state: from its own checkpoint, from another model's weights, or from scratch. The caller disposes it. */
export async function prepareStart(job: TrainJob, records: readonly EngineRecord[]): Promise<Start> {
  const { config, resume, start } = job;
  if (resume) {
    const spec = await readModelSpec(resume.folder);
    const { trained, frozen } = divide(config.kind, readWeights(resume.folder, spec));
    return { spec, state: { ...trained, ...loadMoments(resume.folder) }, frozen };
  }
  const headClasses = config.kind === 'supervised' ? job.classes : null;
  const { spec, weights } =
    start === null ? startFromScratch(job, records) : await startFromModel(start, headClasses, config.seed);
  const { trained, frozen } = divide(config.kind, weights);
  return { spec, state: { ...trained, ...createMoments(trained.parameters) }, frozen };
}

function startFromScratch({ config, promptTexts }: TrainJob, records: readonly EngineRecord[]) {
  const texts = function* () {
    for (const { caption } of records) yield caption;
    yield* promptTexts;
  };
  const { vocabulary } = findArchitecture(config.architecture);
  const ids = vocabulary === 'seen' ? collectVocabulary(loadTokenizer(), texts()) : null;
  const spec = specify(config.architecture, ids);
  return { spec, weights: initialise(spec, config.seed) };
}

/** Another run's weights; a linear head is always new. */
async function startFromModel(folder: string, headClasses: string[] | null, seed: number) {
  const found = await readModelSpec(folder);
  const spec = { ...found, headClasses };
  const { parameters, statistics } = readWeights(folder, found);
  const [oldHead, towers] = partition(parameters, isHead);
  tf.dispose(oldHead);
  if (headClasses === null) return { spec, weights: { parameters: towers, statistics } };
  const fresh = initialise(spec, seed);
  const [newHead, unused] = partition(fresh.parameters, isHead);
  tf.dispose([unused, fresh.statistics]);
  return { spec, weights: { parameters: { ...towers, ...newHead }, statistics } };
}

function readWeights(folder: string, spec: ModelSpec): Weights {
  return loadWeights(path.join(folder, checkpointFiles.weights), spec);
}

/** Supervised repair trains the image tower and the head; the contrastive methods train everything. */
function divide(kind: TrainJob['config']['kind'], { parameters, statistics }: Weights) {
  const isTrained = (name: string) => kind !== 'supervised' || name.startsWith('visual.') || isHead(name);
  const [trained, frozen] = partition(parameters, isTrained);
  return { trained: { parameters: trained, statistics }, frozen };
}

function isHead(name: string): boolean {
  return name.startsWith('head.');
}

function partition(parameters: Parameters, keep: (name: string) => boolean): [Parameters, Parameters] {
  const entries = Object.entries(parameters);
  return [
    Object.fromEntries(entries.filter(([name]) => keep(name))),
    Object.fromEntries(entries.filter(([name]) => !keep(name))),
  ];
}
