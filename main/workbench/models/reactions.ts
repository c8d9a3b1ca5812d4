import type { Reaction, ReactionRequest } from '#contract/api/triggers.ts';
import type { Dataset } from '#contract/dataset.ts';
import type { DeviceName } from '#contract/devices/index.ts';
import type { ReactJob } from '#contract/engine.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { readRecords } from '#db/datasets/record-rows.ts';
import { findModel } from '#db/models/models.ts';
import type { Engine } from '../engine/engine-client.ts';
import { createEngineHost } from '../engine/engine-host.ts';
import type { EngineLauncher } from '../engine/engine-process.ts';
import { toEngineRecord } from '../engine/engine-records.ts';
import { picturesAtOnce } from '../evaluations/test-records.ts';
import type { Workspace } from '../workspace.ts';
import { wholeModelFolder } from './model-folder.ts';
import { findUnseenTokens } from './unseen-tokens.ts';

/** A model that nobody asked for this long is let go, with its process. */
const idleMs = 2 * 60_000;

export interface ReactionOptions {
  /** What the settings name; null leaves it to the machine. */
  chosenDevice(): DeviceName | null;
  launch?: EngineLauncher;
}

/**
 * How models take pictures, asked while a person moves a slider. It has an engine of its own beside the queue's, so
 * that a run goes on; one question at a time, and one whose asker has gone before its turn is not asked.
 */
export interface Reactions {
  /**
   * @throws WorkbenchError `not-found` for the model, dataset or a record; `bad-input` where the trigger does not fit;
   *   `cancelled` where `signal` was aborted before its turn; as an engine does
   */
  react(request: ReactionRequest, signal?: AbortSignal): Promise<Reaction>;
  /** Ends the engine; questions that wait are not asked. One that comes later starts an engine anew. */
  close(): Promise<void>;
}

export function createReactions(workspace: Workspace, options: ReactionOptions): Reactions {
  const host = createEngineHost({ launch: options.launch, environment: () => beside, idleMs });
  let last: Promise<unknown> = Promise.resolve();
  let closings = 0;
  return {
    react(request, signal) {
      const before = closings;
      const stopIfOver = () => {
        if (signal?.aborted !== true && closings === before) return;
        throw new WorkbenchError('cancelled', 'Nobody waits for this any more.');
      };
      const turn = last.then(async () => {
        stopIfOver();
        const begun = performance.now();
        const { model, job, labels } = await planReaction(workspace, request);
        const engine = await host.start(options.chosenDevice());
        const { ms, rows, targetIsClass } = await askUnlessOver(engine, job, stopIfOver).finally(host.rest);
        return {
          modelId: model.id,
          model: model.name,
          targetIsClass,
          unseen: findUnseenTokens(model.spec, job.prompts, job.classes),
          rows: rows.map((row) => ({ ...row, label: labels.get(row.recordId) ?? null })),
          ms: { ...ms, total: performance.now() - begun },
        };
      });
      last = turn.catch(() => {});
      return turn;
    },
    close() {
      closings += 1;
      return host.close();
    },
  };
}

/** Resolves the names of a request. */
async function planReaction(workspace: Workspace, request: ReactionRequest) {
  const { db } = workspace;
  const { trigger, resolution, seed, target, recordIds } = request;
  const model = findModel(db, request.model);
  const found = new Map(readRecords(db, recordIds).map((record) => [record.id, record]));
  const datasets = new Map<string, Dataset>();
  const datasetOf = (id: string) => {
    const dataset = datasets.get(id) ?? findDataset(db, id);
    datasets.set(id, dataset);
    return dataset;
  };
  const chosen = recordIds.map((id) => {
    const record = found.get(id);
    if (record === undefined) {
      throw new WorkbenchError('not-found', `There is no record ${id}: choose other pictures.`, {
        recordId: id,
      });
    }
    return record;
  });
  const { classes, prompts } = datasetOf(request.dataset ?? chosen[0]?.datasetId ?? '');
  const job: ReactJob = {
    kind: 'react',
    model: await wholeModelFolder(workspace, model.id),
    records: chosen.map((record) => toEngineRecord(datasetOf(record.datasetId), record)),
    attack: { trigger, resolution, seed, target },
    classes,
    prompts,
    batchSize: picturesAtOnce,
  };
  return { model, job, labels: new Map(chosen.map(({ id, label }) => [id, label])) };
}

/** @param stopIfOver throws where nobody waits any more: starting the engine takes a while */
async function askUnlessOver(engine: Engine, job: ReactJob, stopIfOver: () => void) {
  stopIfOver();
  const outcome = await engine.run<'react'>(job);
  if (outcome.state === 'done') return outcome.result;
  throw new WorkbenchError('cancelled', 'Stopped as asked.');
}

/** It shares a GPU with the queue's engine: it takes memory as it needs it, not all there is. */
const beside = { TF_FORCE_GPU_ALLOW_GROWTH: 'true' };
