import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { DatasetRecord } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { UnseenTokens } from '#contract/unseen-tokens.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { findModel } from '#db/models/models.ts';
import { writeRecordsFile } from '#main/data/feeding/records-file.ts';
import { runToEnd } from '../engine/engine-jobs.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import type { JobContext } from '../engine/job-context.ts';
import { withEngine } from '../engine/queue.ts';
import { picturesAtOnce } from '../evaluations/test-records.ts';
import { makeTemporaryFolder, type Workspace } from '../workspace.ts';
import { wholeModelFolder } from './model-folder.ts';
import { countUnseenTokens, findUnseenTokens } from './unseen-tokens.ts';

export interface EmbedRequest {
  model: string;
  dataset: string;
  /** null: all records. */
  split: DatasetRecord['split'] | null;
  /** Rows of length 1 instead of raw ones. */
  unitLength: boolean;
  out: string;
  /** Prompts, each filled in with every class of the dataset, in place of the captions; null: the captions. */
  prompts: readonly string[] | null;
}

export interface EmbedResult {
  modelId: string;
  datasetId: string;
  rows: number;
  dim: number;
  file: string;
  sha256: string;
  /** Of the captions, or of prompts and class names; null for a model with all of CLIP's tokens. */
  unseen: UnseenTokens | null;
}

/**
 * Embeddings of a dataset's pictures and captions, for use elsewhere: see the engine's job embed.
 * @throws WorkbenchError `not-found`, `bad-input` where the dataset has no such records
 */
export async function embedDataset(
  workspace: Workspace,
  request: EmbedRequest,
  context: JobContext,
): Promise<EmbedResult> {
  const { db } = workspace;
  const model = findModel(db, request.model);
  const dataset = findDataset(db, request.dataset);
  const folder = makeTemporaryFolder(workspace, 'embed');
  const file = resolve(request.out);
  try {
    const recordsFile = join(folder, 'records.jsonl');
    const filter = request.split === null ? {} : { split: request.split };
    const { prompts } = request;
    const captions = prompts === null ? countUnseenTokens(model.spec) : null;
    const lines = function* () {
      for (const record of iterateRecords(db, dataset.id, filter)) {
        captions?.look(record.caption);
        yield toEngineRecord(dataset, record);
      }
    };
    if ((await writeRecordsFile(recordsFile, lines())) === 0) {
      throw new WorkbenchError(
        'bad-input',
        `Dataset '${dataset.name}' has no records${request.split === null ? '' : ` in the split ${request.split}`}.`,
        { dataset: dataset.id },
      );
    }
    await mkdir(dirname(file), { recursive: true });
    const job = {
      kind: 'embed',
      model: await wholeModelFolder(workspace, model.id),
      recordsFile,
      batchSize: picturesAtOnce,
      texts: prompts === null ? null : fillPrompts(prompts, dataset.classes),
      unitLength: request.unitLength,
      out: file,
    } as const;
    const result = await withEngine(workspace, context, (engine) =>
      runToEnd<'embed'>(engine, job, context, 'nothing was written.'),
    );
    const unseen =
      prompts === null ? (captions?.found() ?? null) : findUnseenTokens(model.spec, prompts, dataset.classes);
    return { modelId: model.id, datasetId: dataset.id, file, unseen, ...result };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Class by class, each in all prompts. */
const fillPrompts = (prompts: readonly string[], classes: readonly string[]): string[] =>
  classes.flatMap((name) => prompts.map((prompt) => prompt.replaceAll('{}', () => name)));
