/**
 * Tries settings of the demo on a validation part of its training pairs, never on the test pictures: 800 labelled
 * training pictures without a skin tone, those with the smallest sha256('validation:' + key), stand in for the test.
 *
 *   node_modules/.bin/node tests/benchmarks/tune-demo.ts WORKSPACE SEEDS '{"train":{...},"defences":[{...}, ...]}'
 *
 * Settings are those of the demo presets in contract/methods and override them; a defence names its `method`, and
 * `from` may name an earlier one, by its `as`, to start from in place of the poisoned model. Prints one line a model:
 * seed, method, settings, CA, ASR, seconds.
 */
import { createHash } from 'node:crypto';
import type { NewRecord } from '#contract/dataset.ts';
import type { MethodName } from '#contract/methods/method-registry.ts';
import type { NewRun } from '#contract/run.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { findDataset, listDatasets } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { findVariant } from '#db/variants/variants.ts';
import { addEmojiDataset } from '#main/workbench/datasets/emoji.ts';
import type { JobContext } from '#main/workbench/engine/job-context.ts';
import { withEngine } from '#main/workbench/engine/queue.ts';
import { planEvaluation, runEvaluation } from '#main/workbench/evaluations/evaluations.ts';
import { completeConfig } from '#main/workbench/runs/complete-config.ts';
import { planRun } from '#main/workbench/runs/run-plans.ts';
import { runPlan } from '#main/workbench/runs/runs.ts';
import { createVariant } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';

type Settings = Record<string, number | string>;

interface Trial {
  train: Settings;
  /** Seed -> name of a poisoned model of an earlier trial, to start its defences from. */
  models?: Record<string, string>;
  defences: { method: MethodName; as?: string; from?: string; fraction?: number; settings: Settings }[];
}

const validationPictures = 800;
const datasetName = 'emoji-validation';

const [folder = '', seedList = '0', trialText = '{"train":{},"defences":[]}'] = process.argv.slice(2);
const trial: Trial = JSON.parse(trialText);
const workspace = openWorkspace(folder);
const context: JobContext = {
  reporter: { progress() {}, say() {} },
  interrupt: { gentle: new AbortController().signal, hard: new AbortController().signal },
  device: 'cpu',
};

await makeDataset(workspace);
for (const seed of seedList.split(',').map(Number)) {
  const earlier = trial.models?.[seed];
  const stamp = earlier?.replace(/-poisoned$/, '') ?? `${Date.now()}-${seed}`;
  const variant = earlier
    ? findVariant(workspace.db, stamp)
    : await createVariant(
        workspace,
        {
          dataset: datasetName,
          name: stamp,
          resolution: 32,
          seed,
          parts: [{ trigger: defaultPatch(6, 32), target: 'fruit', amount: { kind: 'count', count: 400 } }],
        },
        context,
      );
  await withEngine(workspace, context, async (engine) => {
    const measure = async (plan: NewRun, settings: unknown) => {
      const run = await runPlan(workspace, engine, plan, context);
      const request = { model: run.modelId, dataset: null, variant: variant.id };
      const { result } = await runEvaluation(workspace, engine, planEvaluation(workspace, request), context);
      const percent = (value: number | undefined) => (100 * (value ?? Number.NaN)).toFixed(1);
      console.log(
        seed,
        plan.config.method,
        JSON.stringify(settings),
        percent(result.ca.value),
        percent(result.asr?.value),
        run.seconds.toFixed(0),
      );
    };
    const name = `${stamp}-poisoned`;
    if (!earlier) {
      const config = completeConfig({
        start: { kind: 'scratch', architecture: 'demo' },
        data: { kind: 'variant', id: variant.id },
        method: 'mmcl',
        settings: trial.train,
        seed,
      });
      await measure(planRun(workspace, { name, config }), trial.train);
    }
    for (const { method, as, from, fraction, settings } of trial.defences) {
      const config = completeConfig({
        start: { kind: 'model', model: from === undefined ? name : `${stamp}-${from}` },
        data: { kind: 'dataset', id: datasetName },
        method,
        settings,
        selection: fraction === undefined ? {} : { fraction },
        seed,
        repairs: true,
      });
      const called = as === undefined ? null : `${stamp}-${as}`;
      await measure(planRun(workspace, { name: called, config }), { ...settings, fraction, from });
    }
  });
}
workspace.close();

/** The demo's training pairs as a dataset of their own, some of them as its test split. */
async function makeDataset({ db }: Workspace): Promise<void> {
  if (listDatasets(db).some(({ name }) => name === datasetName)) return;
  const emoji = await addEmojiDataset(workspace, context);
  const records = [...iterateRecords(db, emoji.id, { split: 'train' })];
  const digest = (key: string) => createHash('sha256').update(`validation:${key}`).digest('hex');
  const held = records
    .filter(({ label, key }) => label !== null && !/1f3f[b-f]/.test(key))
    .map(({ key }) => ({ key, digest: digest(key) }))
    .sort((a, b) => (a.digest < b.digest ? -1 : 1))
    .slice(0, validationPictures);
  const test = new Set(held.map(({ key }) => key));
  const rows: NewRecord[] = records.map(({ id, datasetId, ...record }) => ({
    ...record,
    split: test.has(record.key) ? 'test' : 'train',
  }));
  const { id, createdAt, records: count, classes, ...made } = findDataset(db, emoji.id);
  await importDataset(db, { ...made, name: datasetName }, [rows]);
}
