/**
 * What the benchmarks on the demo share: one workspace of demo models, each made once. They may be killed at any time,
 * and `--at-most` lets them end after some new models, so that a busy machine can be shared.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '#contract/dataset.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import type { MethodName } from '#contract/methods/method-registry.ts';
import type { Run } from '#contract/run.ts';
import type { Variant } from '#contract/variant.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { findEvaluation } from '#db/models/evaluations.ts';
import { listRuns } from '#db/runs/runs.ts';
import { listVariants } from '#db/variants/variants.ts';
import { addEmojiDataset } from '#main/workbench/datasets/emoji.ts';
import type { Engine } from '#main/workbench/engine/engine-client.ts';
import type { RunContext } from '#main/workbench/engine/job-context.ts';
import { withEngine } from '#main/workbench/engine/queue.ts';
import { planEvaluation, runEvaluation } from '#main/workbench/evaluations/evaluations.ts';
import { completeConfig, type PartialConfig } from '#main/workbench/runs/complete-config.ts';
import { planRun } from '#main/workbench/runs/run-plans.ts';
import { resumeRun, runPlan } from '#main/workbench/runs/runs.ts';
import { createVariant } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';

/** The demo's target and trigger resolution. */
export const target = 'fruit';
const resolution = 32;

export const context: RunContext = {
  reporter: { progress() {}, say() {} },
  interrupt: { gentle: new AbortController().signal, hard: new AbortController().signal },
  device: 'cpu',
};

export interface Measured {
  run: Run;
  evaluation: Evaluation;
  /** Processor time of the training, s, with the engine's start; null where it was not made in one go. */
  processorSeconds: number | null;
}

export interface DemoBench {
  workspace: Workspace;
  dataset: Dataset;
  /** The demo's poison with another count or seed. */
  poison(seed: number, count: number): Promise<Variant>;
  /**
   * A model, trained and measured under the variant's attack unless it is there already; null where it is not and as
   * many were made as are allowed.
   */
  settle(name: string, variant: Variant, config: PartialConfig): Promise<Measured | null>;
  /** Whether one more piece of work may be made. */
  mayMake(what: string): boolean;
  /** Closes the workspace and says what is left; ends with 3 where something is. */
  close(): void;
}

/** @param atMost new models and other pieces of work that may be made */
export async function openDemoBench(folder: string, atMost: number): Promise<DemoBench> {
  const workspace = openWorkspace(folder);
  const dataset = await addEmojiDataset(workspace, context);
  const secondsFile = join(folder, 'processor-seconds.json');
  const seconds: Record<string, number> = existsSync(secondsFile)
    ? JSON.parse(readFileSync(secondsFile, 'utf8'))
    : {};
  let made = 0;
  const left: string[] = [];
  const mayMake = (what: string): boolean => {
    if (made === atMost) {
      left.push(what);
      return false;
    }
    made += 1;
    console.log(`${new Date().toISOString()} ${what}`);
    return true;
  };
  return {
    workspace,
    dataset,
    mayMake,
    close() {
      workspace.close();
      if (left.length === 0) return;
      console.log(`Enough for this time. Not made yet: ${left.join(', ')}.`);
      process.exitCode = 3;
    },
    async poison(seed, amount) {
      const name = `demo-${seed}-${amount}`;
      const found = listVariants(workspace.db).find((variant) => variant.name === name);
      if (found !== undefined) return found;
      const parts = [
        { trigger: defaultPatch(6, resolution), target, amount: { kind: 'count' as const, count: amount } },
      ];
      return createVariant(workspace, { dataset: dataset.id, name, resolution, seed, parts }, context);
    },
    async settle(name, variant, config) {
      const { db } = workspace;
      const find = () => listRuns(db).find((run) => run.name === name);
      const existing = find();
      const measured = existing && findMeasured(workspace, existing, variant);
      if (existing && measured) {
        return { run: existing, evaluation: measured, processorSeconds: seconds[name] ?? null };
      }
      if (!mayMake(name)) return null;
      if (existing !== undefined && existing.state !== 'done') await resumeRun(workspace, name, context);
      const evaluation = await withEngine(workspace, context, async (engine) => {
        if (existing === undefined) {
          await runPlan(
            workspace,
            engine,
            planRun(workspace, { name, config: completeConfig(config) }),
            context,
          );
          seconds[name] = readProcessorSeconds(engine);
          writeFileSync(secondsFile, JSON.stringify(seconds));
        }
        const request = { model: name, dataset: null, variant: variant.id };
        return runEvaluation(workspace, engine, planEvaluation(workspace, request), context);
      });
      const run = find();
      if (run === undefined) throw new Error(`${name} is gone.`);
      return { run, evaluation, processorSeconds: seconds[name] ?? null };
    },
  };
}

/** The demo's poisoned model. */
export function settlePoisoned(bench: DemoBench, variant: Variant, seed: number): Promise<Measured | null> {
  return bench.settle(`${variant.name}-poisoned`, variant, fromScratch('variant', variant.id, 'mmcl', seed));
}

/** The demo's training from scratch, on a variant or on clean data. */
export function fromScratch(
  kind: 'variant' | 'dataset',
  id: string,
  method: MethodName,
  seed: number,
): PartialConfig {
  return { start: { kind: 'scratch', architecture: 'demo' }, data: { kind, id }, method, seed };
}

function findMeasured({ db }: Workspace, { modelId }: Run, variant: Variant): Evaluation | null {
  const { id: variantId, datasetId } = variant;
  return modelId === null ? null : findEvaluation(db, { modelId, datasetId, variantId, part: 0 });
}

/** Of the engine's process so far, as Linux counts it: user and system time in hundredths of a second. */
function readProcessorSeconds({ pid }: Engine): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
