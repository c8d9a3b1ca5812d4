import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { ClipConfig, ModelSpec } from '#contract/clip-config.ts';
import type { EngineRecord, TrainJob } from '#contract/engine.ts';
import { methodOf } from '#contract/methods/method-registry.ts';
import { collectVocabulary } from '#core/tokenizer/small-vocabulary.ts';
import { loadTokenizer } from '#main/data/words/clip-merges.ts';
import { checkpointFiles, readModelSpec } from '../checkpoints/checkpoint-folder.ts';
import { loadWeights } from '../checkpoints/weights.ts';
import { findArchitecture, specify } from '../clip/architectures.ts';
import { initialise } from '../clip/initialise.ts';
import type { Parameters, Statistics } from '../clip/parameters.ts';
import { isHead } from '../methods/building-blocks/common-training.ts';

export interface Weights {
  parameters: Parameters;
  statistics: Statistics;
}

/** The weights that a run begins or goes on with. The caller disposes them. */
export interface Start {
  spec: ModelSpec;
  weights: Weights;
}

/** Pixels a side that a run's model takes, which its start says before its weights are read. */
export async function resolutionOf({ config, resume, start }: TrainJob): Promise<number> {
  if (!resume && config.start.kind === 'scratch') {
    return findArchitecture(config.start.architecture).clip.image.resolution;
  }
  return (await readModelSpec(resume?.folder ?? folderOf(start))).clip.image.resolution;
}

/** The folder of the model that a run starts from. */
function folderOf(start: TrainJob['start']): string {
  if (start === null) throw new RangeError('A job that starts from a model names its folder.');
  return start;
}

/** A run's first weights: from its own checkpoint, from another model, or from scratch. */
export async function prepareStart(job: TrainJob, records: readonly EngineRecord[]): Promise<Start> {
  const { config, resume, start } = job;
  if (resume) {
    const spec = await readModelSpec(resume.folder);
    return { spec, weights: readWeights(resume.folder, spec) };
  }
  const definition = methodOf(config.method);
  const headClasses = definition.needs.head ? job.classes : null;
  if (config.start.kind === 'scratch') {
    return startFromScratch(job, config.start.architecture, headClasses, records);
  }
  const reshape: Reshape = (clip) => definition.reshape?.(clip, config.settings) ?? clip;
  return startFromModel(folderOf(start), headClasses, reshape, config.seed);
}

export function readWeights(folder: string, spec: ModelSpec): Weights {
  return loadWeights(path.join(folder, checkpointFiles.weights), spec);
}

function startFromScratch(
  { config, promptTexts }: TrainJob,
  architecture: string,
  headClasses: string[] | null,
  records: readonly EngineRecord[],
): Start {
  const texts = function* () {
    for (const { caption } of records) yield caption;
    yield* promptTexts;
  };
  const { vocabulary } = findArchitecture(architecture);
  const ids = vocabulary === 'seen' ? collectVocabulary(loadTokenizer(), texts()) : null;
  const spec = { ...specify(architecture, ids), headClasses };
  return { spec, weights: initialise(spec, config.seed) };
}

type Reshape = (clip: ClipConfig) => ClipConfig;

/** Another model's weights, and new ones for what the method adds; a linear head is always new. */
async function startFromModel(
  folder: string,
  headClasses: string[] | null,
  reshape: Reshape,
  seed: number,
): Promise<Start> {
  const found = await readModelSpec(folder);
  const spec = { ...found, clip: reshape(found.clip), headClasses };
  const { parameters, statistics } = readWeights(folder, found);
  const [oldHead, towers] = partition(parameters, isHead);
  tf.dispose(oldHead);
  const added = initialise(spec, seed, (name) => !(name in towers));
  tf.dispose(added.statistics);
  return { spec, weights: { parameters: { ...towers, ...added.parameters }, statistics } };
}

/** Those whose names pass, and the others. */
export function partition(parameters: Parameters, keep: (name: string) => boolean): [Parameters, Parameters] {
  const entries = Object.entries(parameters);
  return [
    Object.fromEntries(entries.filter(([name]) => keep(name))),
    Object.fromEntries(entries.filter(([name]) => !keep(name))),
  ];
}
