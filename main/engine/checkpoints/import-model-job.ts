import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { activationNames, type ModelSpec } from '#contract/clip-config.ts';
import type { ImportModelJob, ImportModelReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { evaluateModel } from '../evaluation/evaluate-job.ts';
import type { JobContext } from '../job.ts';
import { fullVocabularySize } from '../text-encoder.ts';
import { convertModel, loadRecognised } from './convert-model.ts';
import { openModelFile } from './open-model-file.ts';
import { openRandomAccess } from './random-access-file.ts';
import { type RecognisedModel, recogniseModel } from './recognise/recognise-model.ts';
import { resizePositions } from './recognise/resize-positions.ts';

/**
 * Recognises a model file, measures it where pictures are given and, with an output folder, writes it as a checkpoint
 * folder.
 * @throws WorkbenchError as openModelFile and recogniseModel do; `bad-input` where nobody says the activation of a model
 *   that is to be written
 */
export async function runImportModelJob(
  job: ImportModelJob,
  context: JobContext,
): Promise<ImportModelReport> {
  const model = openModelFile(job.path);
  try {
    const found = recogniseModel(model, job.activation);
    const recognised = job.resolution === null ? found : resizePositions(found, job.resolution);
    const measured = job.measured === null ? [] : await measureActivations(recognised, job.measured, context);
    if (recognised.activationFrom === null && job.outputFolder !== null) refuseSilence(job.path, measured);
    const { spec, leftover, parameters, activationFrom } = recognised;
    return {
      architecture: spec.architecture,
      imageTower: spec.clip.image.kind,
      parameters,
      activation: spec.clip.activation ?? null,
      activationFrom,
      resolution: spec.clip.image.resolution,
      leftover,
      vocabulary: describeVocabulary(spec),
      spec,
      measured,
      sourceSha256: hashFiles(model.files),
      weightsSha256: job.outputFolder === null ? null : await convertModel(recognised, job.outputFolder),
    };
  } finally {
    model.close();
  }
}

function describeVocabulary({ clip, vocabulary }: ModelSpec): ImportModelReport['vocabulary'] {
  if (vocabulary !== null) return { kind: 'part', tokens: vocabulary.length };
  const tokens = clip.text.vocabularySize;
  return { kind: tokens < fullVocabularySize ? 'unknown' : 'clip', tokens };
}

type Measured = ImportModelReport['measured'];

/** CA with each activation: of the two, the one that a model was trained with is better. */
async function measureActivations(
  recognised: RecognisedModel,
  pictures: NonNullable<ImportModelJob['measured']>,
  context: JobContext,
): Promise<Measured> {
  const { parameters, statistics } = loadRecognised(recognised);
  const measured: Measured = [];
  try {
    for (const activation of activationNames) {
      const spec = { ...recognised.spec, clip: { ...recognised.spec.clip, activation } };
      const job = { ...pictures, attack: null, embeddingsFile: null };
      const { evaluation } = await evaluateModel({ spec, parameters, statistics }, job, context);
      measured.push({ activation, evaluation });
    }
  } finally {
    tf.dispose([parameters, statistics]);
  }
  return measured;
}

/** @throws WorkbenchError `bad-input`: somebody must say it; what was measured is a proposal */
function refuseSilence(path: string, measured: Measured): never {
  const [better] = measured.toSorted((a, b) => b.evaluation.ca.value - a.evaluation.ca.value);
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const proposal =
    better === undefined
      ? ''
      : ` Measured here: ${measured.map(({ activation, evaluation }) => `${activation} has a CA of ${percent(evaluation.ca.value)}`).join(', ')}, so ${better.activation} is proposed.`;
  throw new WorkbenchError(
    'bad-input',
    `${path} does not say whether its activation is QuickGELU or GELU. Add --activation quick_gelu (OpenAI's models and what was trained from them) or --activation gelu (most of open_clip's).${proposal}`,
    { path, proposed: better?.activation ?? null },
  );
}

const pieceBytes = 8 << 20;

function hashFiles(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of files) {
    const file = openRandomAccess(path);
    try {
      for (let at = 0; at < file.bytes; at += pieceBytes)
        hash.update(file.read(at, Math.min(pieceBytes, file.bytes - at)));
    } finally {
      file.close();
    }
  }
  return hash.digest('hex');
}
