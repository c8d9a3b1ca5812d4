/**
 * What each kind of trigger does on the demo's data, and what CleanCLIP leaves of it: makes the table of docs/attacks.md.
 *
 *   npm run bench:attacks -- [--workspace FOLDER] [--seed 0]
 *
 * Every attack has the demo's recipe but for its trigger; models are trained and cleaned by the demo's presets. Hours on
 * a slow machine, so it may be killed at any time: what a workspace holds already is not made again. An attack whose
 * trigger has changed since is a new one.
 */

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { VariantRequest } from '#contract/api/variants.ts';
import type { Dataset } from '#contract/dataset.ts';
import type { Evaluation } from '#contract/evaluation.ts';
import type { NewRun, Run } from '#contract/run.ts';
import type { Variant } from '#contract/variant.ts';
import { comparePictures } from '#core/pixels/picture-metrics.ts';
import { resizeBicubic } from '#core/pixels/resize.ts';
import { renderTriggered } from '#core/triggers/trigger-registry.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { findEvaluation } from '#db/models/evaluations.ts';
import { findModel } from '#db/models/models.ts';
import { listRuns } from '#db/runs/runs.ts';
import { listVariants } from '#db/variants/variants.ts';
import { readPicture } from '#main/data/sources/read-picture.ts';
import { addEmojiDataset } from '#main/workbench/datasets/emoji.ts';
import type { Engine } from '#main/workbench/engine/engine-client.ts';
import { pictureSource } from '#main/workbench/engine/engine-records.ts';
import type { RunContext } from '#main/workbench/engine/job-context.ts';
import { withEngine } from '#main/workbench/engine/queue.ts';
import { planEvaluation, runEvaluation } from '#main/workbench/evaluations/evaluations.ts';
import { completeConfig } from '#main/workbench/runs/complete-config.ts';
import { planRun } from '#main/workbench/runs/run-plans.ts';
import { resumeRun, runPlan } from '#main/workbench/runs/runs.ts';
import { canonicalJson } from '#main/workbench/variants/manifest.ts';
import { createVariant } from '#main/workbench/variants/variants.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { type Attack, listAttacks } from './attack-list.ts';
import { type AttackRow, formatAttacks } from './attack-table.ts';
import { writeSection } from './page-sections.ts';

const { values } = parseArgs({
  options: {
    workspace: { type: 'string', default: 'dist/bench-attacks' },
    seed: { type: 'string', default: '0' },
  },
});
const seed = Number(values.seed);
const resolution = 32;
/** Pictures over which the trigger's distances are averaged. */
const comparedPictures = 200;

const workspace = openWorkspace(values.workspace);
const context: RunContext = {
  reporter: { progress() {}, say() {} },
  interrupt: { gentle: new AbortController().signal, hard: new AbortController().signal },
  device: 'cpu',
};

const dataset = await addEmojiDataset(workspace, context);
const attacks = listAttacks(resolution);
const rows: AttackRow[] = [];
const begun = performance.now();
let made = 0;
for (const [index, attack] of attacks.entries()) {
  const before = made;
  const row = await measure(workspace, dataset, attack);
  rows.push(row);
  const left = attacks.length - index - 1;
  const minutes = made === 0 ? 0 : (((performance.now() - begun) / 60_000) * left) / Math.max(1, made);
  console.log(
    `${index + 1} of ${attacks.length}: ${attack.kind} ${attack.preset}, ASR ${percent(row.poisoned.asr?.value)} %, after CleanCLIP ${percent(row.cleaned.asr?.value)} %${made > before ? '' : ' (there already)'}; about ${minutes.toFixed(0)} min left`,
  );
}
writeSection('attacks', formatAttacks(rows, seed), 'attacks.md');
workspace.close();

async function measure(place: Workspace, data: Dataset, attack: Attack): Promise<AttackRow> {
  const request: VariantRequest = {
    dataset: data.id,
    resolution,
    seed,
    parts: [{ trigger: attack.trigger, target: 'fruit', amount: { kind: 'count', count: 400 } }],
  };
  const digest = createHash('sha256')
    .update(canonicalJson({ seed, resolution, trigger: attack.trigger }))
    .digest('hex')
    .slice(0, 8);
  const prefix = `${attack.kind}-${attack.preset}-${digest}`;
  const variant =
    listVariants(place.db).find(({ name }) => name === prefix) ??
    (await createVariant(place, { ...request, name: prefix }, context));
  const poisoned = await settle(place, variant, `${prefix}-poisoned`, () =>
    planRun(place, {
      name: `${prefix}-poisoned`,
      config: completeConfig({
        start: { kind: 'scratch', architecture: 'demo' },
        data: { kind: 'variant', id: variant.id },
        method: 'mmcl',
        seed,
      }),
    }),
  );
  const cleaned = await settle(place, variant, `${prefix}-cleanclip`, () =>
    planRun(place, {
      name: `${prefix}-cleanclip`,
      config: completeConfig({
        start: { kind: 'model', model: `${prefix}-poisoned` },
        data: { kind: 'dataset', id: data.id },
        method: 'cleanclip',
        seed,
        repairs: true,
      }),
    }),
  );
  return {
    attack,
    poisonedPairs: variant.changed,
    distance: await averageDistance(place, data, attack),
    poisoned: poisoned.result,
    cleaned: cleaned.result,
  };
}

/** The evaluation of a run, which is made, gone on with or taken as it is. */
async function settle(
  place: Workspace,
  variant: Variant,
  name: string,
  plan: () => NewRun,
): Promise<Evaluation> {
  const existing = listRuns(place.db).find((run) => run.name === name);
  const found = existing === undefined ? null : findMeasured(place, existing, variant);
  if (found !== null) return found;
  made += 1;
  if (existing !== undefined && existing.state !== 'done') await resumeRun(place, name, context);
  return withEngine(place, context, async (engine: Engine) => {
    if (existing === undefined) await runPlan(place, engine, plan(), context);
    const request = { model: findModel(place.db, name).id, dataset: null, variant: variant.id };
    return runEvaluation(place, engine, planEvaluation(place, request), context);
  });
}

function findMeasured({ db }: Workspace, run: Run, variant: Variant): Evaluation | null {
  const { modelId } = run;
  const { id: variantId, datasetId } = variant;
  return modelId === null ? null : findEvaluation(db, { modelId, datasetId, variantId, part: 0 });
}

async function averageDistance(
  place: Workspace,
  data: Dataset,
  attack: Attack,
): Promise<AttackRow['distance']> {
  const sums = { l2: 0, ssim: 0, changedShare: 0 };
  let count = 0;
  for (const { key } of iterateRecords(place.db, data.id, { split: 'test' })) {
    if (count === comparedPictures) break;
    count += 1;
    const picture = await readPicture(pictureSource(data, { key }));
    const clean = resizeBicubic(picture, resolution, resolution);
    const found = comparePictures(
      clean,
      renderTriggered(picture, { trigger: attack.trigger, resolution, seed }, key),
    );
    for (const name of ['l2', 'ssim', 'changedShare'] as const) sums[name] += found[name];
  }
  return { l2: sums.l2 / count, ssim: sums.ssim / count, changedShare: sums.changedShare / count };
}

function percent(value: number | undefined): string {
  return value === undefined ? '-' : (100 * value).toFixed(1);
}
