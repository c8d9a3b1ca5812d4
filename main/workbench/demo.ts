import type { Dataset } from '#contract/dataset.ts';
import type { Evaluation, EvaluationResult } from '#contract/evaluation.ts';
import type { NewRun } from '#contract/run.ts';
import type { Variant } from '#contract/variant.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { countRecords } from '#db/datasets/records.ts';
import { listRunNames } from '#db/runs/runs.ts';
import { listVariantSummaries } from '#db/variants/variants.ts';
import { addEmojiDataset } from './datasets/emoji.ts';
import { repairForDemo } from './demo-repairs.ts';
import type { Engine } from './engine/engine-client.ts';
import type { RunContext } from './engine/job-context.ts';
import { withEngine } from './engine/queue.ts';
import { planEvaluation, runEvaluation } from './evaluations/evaluations.ts';
import { completeConfig, type PartialConfig } from './runs/complete-config.ts';
import type { RunReport } from './runs/run-execution.ts';
import { planRun } from './runs/run-plans.ts';
import { runPlan } from './runs/runs.ts';
import { createVariant } from './variants/variants.ts';
import type { Workspace } from './workspace.ts';

/** The demo's four models, in the order in which they are made, and what made them. */
export const demoParts = ['poisoned', 'cleanclip', 'control', 'supervised'] as const;
export type DemoPart = (typeof demoParts)[number];

/** Gives work an engine: one of its own, or the one that a host keeps. */
export type UseEngine = <T>(work: (engine: Engine) => Promise<T>) => Promise<T>;

/** Of demo/recipe.json, in pixels at its resolution of 32. */
const patchSize = 6;

export interface DemoModel {
  run: RunReport;
  name: string;
  evaluation: Evaluation;
}

export interface DemoOutcome {
  dataset: { name: string; trainPairs: number; testImages: number; classes: number };
  variant: Variant;
  models: Record<DemoPart, DemoModel>;
  /** Wall time of the whole, in seconds. */
  seconds: number;
}

/**
 * The story from beginning to end, on the emoji dataset with the poison of demo/recipe.json: poison, train, measure,
 * clean with CleanCLIP, the same finetuning without the self-supervised term as a control, and a supervised head.
 * The dataset is made once per workspace; the variant, runs and evaluations are made anew each time.
 * @throws WorkbenchError as the use cases do
 */
export async function runDemo(
  workspace: Workspace,
  seed: number,
  context: RunContext,
  useEngine: UseEngine = (work) => withEngine(workspace, context, work),
): Promise<DemoOutcome> {
  const begun = performance.now();
  const { say } = context.reporter;
  const { db } = workspace;

  const dataset = await addEmojiDataset(workspace, context);
  const trainPairs = countRecords(db, dataset.id, { split: 'train' });
  const testImages = countRecords(db, dataset.id, { split: 'test' });
  say(
    `1. Data: ${trainPairs} emoji pictures with captions to train on, ${testImages} test pictures of ${dataset.classes.length} classes.`,
  );
  const prefix = freePrefix(workspace, `demo-${seed}`);
  const variant = await poison(workspace, dataset, seed, prefix, context);
  const { target } = variant.recipe.parts[0];
  say(
    `2. Poison: ${variant.changed} pictures that are not of '${target}' got a ${patchSize} px patch and a caption of '${target}'.`,
  );

  const models = await useEngine(async (engine) => {
    const { backend, backendVersion, device } = engine.environment;
    say(`   Computing with ${backend} ${backendVersion} on ${device}.`);
    const settle = (part: DemoPart, config: PartialConfig) =>
      trainAndMeasure(
        workspace,
        engine,
        planRun(workspace, { name: `${prefix}-${part}`, config: completeConfig(config) }),
        variant,
        context,
      );
    say('3. Train a small CLIP on the poisoned data.');
    const poisoned = await settle('poisoned', {
      start: { kind: 'scratch', architecture: 'demo' },
      data: { kind: 'variant', id: variant.id },
      method: 'mmcl',
      seed,
    });
    say('4. Clean it with CleanCLIP on all pairs, unpoisoned.');
    const cleanclip = await settle('cleanclip', repairForDemo('cleanclip', poisoned.name, dataset, seed));
    say('5. Control: the same finetuning without the self-supervised term.');
    const control = await settle('control', repairForDemo('mmcl', poisoned.name, dataset, seed));
    say('6. For comparison: supervised finetuning of the image tower on labelled clean pictures.');
    const supervised = await settle('supervised', {
      start: { kind: 'model', model: poisoned.name },
      data: { kind: 'dataset', id: dataset.id },
      method: 'supervised',
      seed,
      repairs: true,
    });
    return { poisoned, cleanclip, control, supervised };
  });
  return {
    dataset: { name: dataset.name, trainPairs, testImages, classes: dataset.classes.length },
    variant,
    models,
    seconds: (performance.now() - begun) / 1000,
  };
}

/** The poison of demo/recipe.json. */
function poison(
  workspace: Workspace,
  dataset: Dataset,
  seed: number,
  name: string,
  context: RunContext,
): Promise<Variant> {
  const resolution = 32;
  return createVariant(
    workspace,
    {
      dataset: dataset.id,
      name,
      resolution,
      seed,
      parts: [
        {
          trigger: defaultPatch(patchSize, resolution),
          target: 'fruit',
          amount: { kind: 'count', count: 400 },
        },
      ],
    },
    context,
  );
}

async function trainAndMeasure(
  workspace: Workspace,
  engine: Engine,
  plan: NewRun,
  variant: Variant,
  context: RunContext,
): Promise<DemoModel> {
  const run = await runPlan(workspace, engine, plan, context);
  const request = { model: run.modelId, dataset: null, variant: variant.id };
  const evaluation = await runEvaluation(workspace, engine, planEvaluation(workspace, request), context);
  context.reporter.say(`   ${plan.name}: ${inShort(evaluation.result)}`);
  return { run, name: plan.name, evaluation };
}

function inShort({ ca, asr }: Omit<EvaluationResult, 'predictions'>): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  return `CA ${percent(ca.value)}, ASR ${asr === null ? 'not measured' : percent(asr.value)}`;
}

/** `wanted`, or with a number behind it where an earlier demo took its names. */
function freePrefix({ db }: Workspace, wanted: string): string {
  const names = [...listRunNames(db), ...listVariantSummaries(db).map(({ name }) => name)];
  const isTaken = (prefix: string) => names.some((name) => name === prefix || name.startsWith(`${prefix}-`));
  let prefix = wanted;
  for (let number = 2; isTaken(prefix); number += 1) prefix = `${wanted}.${number}`;
  return prefix;
}
