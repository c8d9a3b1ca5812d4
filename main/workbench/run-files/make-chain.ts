import type { VariantRequest } from '#contract/api/variants.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { methodOf } from '#contract/methods/method-registry.ts';
import type { NewRun, Run, RunConfig, RunData, RunStart } from '#contract/run.ts';
import type { AttackFile, RunFile } from '#contract/run-file.ts';
import type { Variant } from '#contract/variant.ts';
import { findModel } from '#db/models/models.ts';
import { freeNameIn } from '#db/names.ts';
import { findRunByConfig } from '#db/runs/find-by-config.ts';
import { setMeasuring } from '#db/runs/run-keeping.ts';
import { insertRun } from '#db/runs/runs.ts';
import { listVariants } from '#db/variants/variants.ts';
import type { Engine } from '../engine/engine-client.ts';
import type { RunContext } from '../engine/job-context.ts';
import { measureWhenDone } from '../evaluations/measure-when-done.ts';
import { completeConfig } from '../runs/complete-config.ts';
import { describeEnd } from '../runs/run-execution.ts';
import { planRun } from '../runs/run-plans.ts';
import { type MeasuredReport, runAndMeasure } from '../runs/runs.ts';
import { isTriggerKind } from '../triggers/trigger-kinds.ts';
import { readTrigger } from '../triggers/trigger-parameters.ts';
import { showTrigger } from '../triggers/triggers.ts';
import { canonicalJson } from '../variants/manifest.ts';
import { resolveRequest } from '../variants/variant-request.ts';
import { createVariant } from '../variants/variants.ts';
import type { Workspace } from '../workspace.ts';

/** What makes what a file describes; the caller holds the queue. */
export interface Maker {
  workspace: Workspace;
  /** The engine, started where none runs. */
  engine: () => Promise<Engine>;
  context: RunContext;
}

/**
 * Makes the runs of a file, one for each seed, and whatever comes before them: variants and runs that the workspace
 * has already, made from the same settings and seeds, are used as they are. The runs themselves are always new; with
 * `once` one that is there stays as it is, and one that was interrupted goes on.
 * @throws WorkbenchError those of planRun, createVariant and executeRun
 */
export async function makeRuns(
  maker: Maker,
  file: RunFile,
  { once = false } = {},
): Promise<MeasuredReport[]> {
  const { workspace, engine, context } = maker;
  const reports: MeasuredReport[] = [];
  for (const one of perSeed(file)) {
    const plan = await planFile(maker, one);
    const found = once ? findRunByConfig(workspace.db, plan.config) : null;
    if (found?.state === 'done' && found.modelId !== null) {
      const evaluations = await measureWhenDone(workspace, engine, found.id, context);
      const report = describeEnd(workspace, found, found.modelId, { finalLoss: null, resumedFromStep: null });
      reports.push({ ...report, evaluations });
    } else {
      const run = found ?? storePlan(maker, plan, one);
      reports.push(await runAndMeasure(workspace, await engine(), { run, resume: found !== null }, context));
    }
  }
  return reports;
}

/** Makes the variant that a file's run trains on, where it is not there. What comes before the run must be. */
export async function makeVariantOf(maker: Maker, file: RunFile): Promise<void> {
  await makeData(maker, file);
}

/** A file for each of its seeds. */
export function perSeed({ seeds, ...file }: RunFile): RunFile[] {
  if (seeds === undefined) return [file];
  const { name } = file;
  return seeds.map((seed) => ({
    ...file,
    seed,
    ...(name === undefined || seeds.length === 1 ? {} : { name: `${name}-${seed}` }),
  }));
}

/** Makes what comes before a run, and plans the run. */
export async function planFile(maker: Maker, file: RunFile): Promise<NewRun> {
  const start = await makeStart(maker, file);
  const data = await makeData(maker, file);
  const { name } = file;
  return planRun(maker.workspace, {
    name: name === undefined ? null : freeNameIn(maker.workspace.db, 'runs', name),
    config: configOf(file, start, data),
  });
}

/** The configuration of a file's run once its start and data are there; what the file leaves out is the preset's. */
export function configOf(
  { method, settings = {}, seed = 0, data: { selection = {}, changedPictures } }: RunFile,
  start: RunStart,
  data: Pick<RunData, 'kind' | 'id'>,
): RunConfig {
  const given = Object.entries(selection).filter(([, value]) => value !== undefined);
  return completeConfig({
    start,
    data: { ...data, ...(changedPictures === undefined ? {} : { changedPictures }) },
    method,
    settings,
    seed,
    repairs: start.kind === 'model' && data.kind === 'dataset' && methodOf(method).role === 'repair',
    selection: Object.fromEntries(given),
  });
}

/** Stores a planned run, to be measured as its file says. */
export function storePlan(
  { workspace }: Pick<Maker, 'workspace'>,
  plan: NewRun,
  { measure = true, measureEachEpoch = false }: RunFile,
): Run {
  const run = insertRun(workspace.db, plan);
  setMeasuring(workspace.db, run.id, { eachEpoch: measureEachEpoch, atEnd: measure });
  return run;
}

async function makeStart(maker: Maker, { start = { architecture: 'demo' } }: RunFile): Promise<RunStart> {
  if (start.run !== undefined) return { kind: 'model', model: await makeModel(maker, start.run) };
  if (start.model === undefined) return { kind: 'scratch', architecture: start.architecture ?? 'demo' };
  const model = findModel(maker.workspace.db, start.model);
  if (start.weightsSha256 !== undefined && start.weightsSha256 !== model.weightsSha256) {
    throw new WorkbenchError(
      'bad-input',
      `Model '${model.name}' is not the one of the file: its weights are ${model.weightsSha256}, the file says ${start.weightsSha256}.`,
      { model: model.id },
    );
  }
  return { kind: 'model', model: model.id };
}

/** The model of a run that others start from: that of an equal run where there is one, which is resumed if it must be. */
async function makeModel(maker: Maker, file: RunFile): Promise<string> {
  const { workspace, engine, context } = maker;
  const plan = await planFile(maker, file);
  const found = findRunByConfig(workspace.db, plan.config);
  if (found?.modelId != null) return found.modelId;
  const run = found ?? storePlan(maker, plan, file);
  context.reporter.say(`Making '${run.name}', which others start from.`);
  return (await runAndMeasure(workspace, await engine(), { run, resume: found !== null }, context)).modelId;
}

async function makeData(maker: Maker, file: RunFile): Promise<Pick<RunData, 'kind' | 'id'>> {
  const { data, attack } = file;
  if (attack && data.dataset !== undefined) {
    return { kind: 'variant', id: (await makeVariant(maker, data.dataset, attack)).id };
  }
  const found = findData(maker.workspace, file);
  if (found === null) throw new RangeError('Only an attack can be missing.');
  return found;
}

/** The variant of an attack: one of the same recipe where there is one. */
async function makeVariant(maker: Maker, dataset: string, attack: AttackFile): Promise<Variant> {
  const { workspace, engine, context } = maker;
  const { name, manifestSha256 } = attack;
  const variant =
    findVariantOf(workspace, dataset, attack) ??
    (await createVariant(
      workspace,
      {
        ...toVariantRequest(workspace, dataset, attack),
        ...(name === undefined ? {} : { name: freeNameIn(workspace.db, 'variants', name) }),
      },
      context,
      async (work) => work(await engine()),
    ));
  if (manifestSha256 === undefined || manifestSha256 === variant.manifestSha256) return variant;
  throw new WorkbenchError(
    'conflict',
    `The attack gives other poisoned pairs here: manifest ${variant.manifestSha256}, not ${manifestSha256}. Dataset '${dataset}' is another one than the file was made with; leave manifestSha256 out to poison it all the same.`,
    { variant: variant.id },
  );
}

/** The variant that has an attack's recipe; null: there is none. */
function findVariantOf(workspace: Workspace, name: string, attack: AttackFile): Variant | null {
  const { dataset, recipe } = resolveRequest(workspace, toVariantRequest(workspace, name, attack));
  const wanted = canonicalJson(recipe);
  return listVariants(workspace.db, dataset.id).find((one) => canonicalJson(one.recipe) === wanted) ?? null;
}

/** The run of a file where it is done already, with all before it; null: something of it is still to be made. */
export function findMade(workspace: Workspace, file: RunFile): Run | null {
  const start = findStart(workspace, file);
  const data = findData(workspace, file);
  if (start === null || data === null) return null;
  const { config } = planRun(workspace, { name: null, config: configOf(file, start, data) });
  const run = findRunByConfig(workspace.db, config);
  return run?.modelId == null ? null : run;
}

function findStart(workspace: Workspace, { start = { architecture: 'demo' } }: RunFile): RunStart | null {
  if (start.run === undefined) {
    if (start.model === undefined) return { kind: 'scratch', architecture: start.architecture ?? 'demo' };
    return { kind: 'model', model: findModel(workspace.db, start.model).id };
  }
  const before = findMade(workspace, start.run);
  return before?.modelId == null ? null : { kind: 'model', model: before.modelId };
}

/** The data of a file where it is there; null: its attack is still to be made. */
export function findData(
  workspace: Workspace,
  { data, attack }: RunFile,
): Pick<RunData, 'kind' | 'id'> | null {
  if (data.variant !== undefined) return { kind: 'variant', id: data.variant };
  if (data.dataset === undefined) throw new RangeError('A run file names a dataset or a variant.');
  if (!attack) return { kind: 'dataset', id: data.dataset };
  const variant = findVariantOf(workspace, data.dataset, attack);
  return variant === null ? null : { kind: 'variant', id: variant.id };
}

function toVariantRequest(workspace: Workspace, dataset: string, attack: AttackFile): VariantRequest {
  const { resolution, seed, parts } = attack;
  return {
    dataset,
    resolution,
    seed,
    parts: parts.map((part) => ({ ...part, trigger: toTrigger(workspace, part.trigger, resolution) })),
  };
}

function toTrigger(
  workspace: Workspace,
  trigger: AttackFile['parts'][number]['trigger'],
  resolution: number,
) {
  if (typeof trigger !== 'string') return trigger;
  return isTriggerKind(trigger)
    ? readTrigger(trigger, '{}', resolution)
    : showTrigger(workspace, trigger).trigger;
}
