import { createHash } from 'node:crypto';
import type { ImportModelJob, ImportModelReport } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { convertModel } from './convert-model.ts';
import { openModelFile } from './open-model-file.ts';
import { openRandomAccess } from './random-access-file.ts';
import { recogniseModel } from './recognise/recognise-model.ts';
import { resizePositions } from './recognise/resize-positions.ts';

/**
 * Recognises a model file and, with an output folder, writes it as a checkpoint folder.
 * @throws WorkbenchError as openModelFile and recogniseModel do; `bad-input` where nobody says the activation of a model
 *   that is to be written
 */
export async function runImportModelJob(job: ImportModelJob): Promise<ImportModelReport> {
  const model = openModelFile(job.path);
  try {
    const found = recogniseModel(model, job.activation);
    const recognised = job.resolution === null ? found : resizePositions(found, job.resolution);
    if (recognised.activationFrom === null && job.outputFolder !== null) {
      throw new WorkbenchError(
        'bad-input',
        `${job.path} does not say whether its activation is QuickGELU or GELU. Add --activation quick_gelu (OpenAI's models and what was trained from them) or --activation gelu (most of open_clip's).`,
        { path: job.path },
      );
    }
    const { spec, leftover, parameters, activationFrom } = recognised;
    return {
      architecture: spec.architecture,
      imageTower: spec.clip.image.kind,
      parameters,
      activation: spec.clip.activation ?? null,
      activationFrom,
      resolution: spec.clip.image.resolution,
      leftover,
      spec,
      sourceSha256: hashFiles(model.files),
      weightsSha256: job.outputFolder === null ? null : await convertModel(recognised, job.outputFolder),
    };
  } finally {
    model.close();
  }
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
