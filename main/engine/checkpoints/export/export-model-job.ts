import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ExportModelJob } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ExportFormat } from '#contract/model-files.ts';
import { describeModel } from '../../clip/clip.ts';
import { openMoments } from '../moments-file.ts';
import { openModelFile } from '../open-model-file.ts';
import { ownNotesName } from '../recognise/model-config.ts';
import { recogniseModel } from '../recognise/recognise-model.ts';
import { writeSafetensors } from '../safetensors.ts';
import type { TensorData, WritableTensor } from '../tensor-dtypes.ts';
import { counterBeside } from './batch-counters.ts';
import type { ExportedModel } from './exported-model.ts';
import { writeHuggingFace } from './hugging-face-folder.ts';
import { writeStateDict, writeTrainingCheckpoint } from './torch-files.ts';

/** @returns the files written */
type Exporter = (model: ExportedModel) => string[];

const exporters = {
  safetensors: writeOpenaiNames,
  hf: writeHuggingFace,
  open_clip: writeStateDict,
  reference: writeTrainingCheckpoint,
} satisfies Record<ExportFormat, Exporter>;

/**
 * Writes a model as other programs read it.
 * @throws WorkbenchError `conflict` where something is at `out`, `bad-input` where the format has no form for the model
 */
export async function runExportModelJob({
  model,
  format,
  out,
  name,
}: ExportModelJob): Promise<{ files: string[] }> {
  if (existsSync(out)) {
    throw new WorkbenchError('conflict', `${out} is there already: name another place.`, { out });
  }
  await mkdir(path.dirname(out), { recursive: true });
  const opened = openModelFile(model);
  try {
    const { spec, tensors } = recogniseModel(opened, null);
    const { moments, close } = openMoments(model, describeModel(spec).parameters);
    try {
      return { files: exporters[format]({ spec, tensors, moments, name, out }) };
    } finally {
      close();
    }
  } finally {
    opened.close();
  }
}

/** The workbench's own notes go along, so that the file can be imported again as the same model. */
function writeOpenaiNames({ spec, tensors, out }: ExportedModel): string[] {
  const stored = new Map<string, WritableTensor>();
  for (const [name, { shape, read }] of tensors) {
    stored.set(name, { dtype: 'F32', shape, data: () => read() as TensorData });
    const counter = counterBeside(name);
    if (counter !== null) stored.set(counter, { dtype: 'I64', shape: [], data: new BigInt64Array(1) });
  }
  writeSafetensors(out, stored, { format: 'pt', [ownNotesName]: JSON.stringify(spec) });
  return [out];
}
