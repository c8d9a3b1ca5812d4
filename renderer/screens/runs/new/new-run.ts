import type { ModelView } from '#contract/api/models.ts';
import type { Method, Parameter, RunRequest, RunView } from '#contract/api/runs.ts';
import type { MethodName } from '#contract/methods/method-registry.ts';
import type { PairSelection } from '#contract/run.ts';
import { findByReference } from '../../../state/find-by-reference.ts';
import { findModel } from '../../../state/model-choice.ts';

type SettingValue = string | number | boolean;

/** The form as its address says it, with the defaults filled in. */
export interface NewRunForm {
  method: MethodName;
  /** Name of the preset, or `run` where the settings come from the cloned run. */
  preset: string;
  name: string;
  dataset: string;
  /** Empty or `none`: the dataset as it is. */
  variant: string;
  /** The model to start from; `scratch` for new weights, empty where one must be chosen. */
  start: string;
  /** Of new weights. */
  architecture: string;
  settings: Record<string, SettingValue>;
  selection: PairSelection;
  seed: number;
  /** Measure CA and ASR after each epoch. */
  measure: boolean;
  /** Measure it when it is done. */
  measureAtEnd: boolean;
  /** Go on with pictures that have changed since the import, and list them. */
  listChanged: boolean;
  /** Settings that differ from the preset. */
  changed: ReadonlySet<string>;
}

interface Known {
  methods: readonly Method[];
  /** Fields that every method has. */
  selection: readonly Parameter[];
  seed: Parameter;
  architectures: readonly string[];
  models: readonly ModelView[];
  /** The latest last. */
  datasets: readonly { id: string; name: string }[];
  /** Variants with the dataset that each belongs to. */
  variants: readonly { id: string; name: string; datasetId: string }[];
  source: RunView | null;
}

/** A setting from the address; null where there is none or it is out of the form's range. */
function readSetting(parameter: Parameter, text: string | null): SettingValue | null {
  if (text === null) return null;
  if (parameter.kind === 'choice') return parameter.choices.includes(text) ? text : null;
  if (parameter.kind === 'boolean') return text === 'true';
  const value = Number(text);
  const fits =
    text.trim() !== '' &&
    Number.isFinite(value) &&
    (parameter.kind !== 'integer' || Number.isInteger(value)) &&
    (parameter.min === null || value >= parameter.min) &&
    (parameter.max === null || value <= parameter.max);
  return fits ? value : null;
}

/** How links name a model: by its run, or itself where no run made it. */
export const modelReference = ({ runId, id }: Pick<ModelView, 'runId' | 'id'>): string => runId ?? id;

/**
 * The form of a new run. Everything stands in the address: `from` (a run to clone), `method`, `preset`, `dataset`,
 * `variant`, `model` (`scratch` for new weights), `architecture`, `name`, `measure` (CA and ASR after each epoch), `at-end` (measured when it is done), `changed` (`list`: goes on with changed pictures) and one
 * parameter for each setting that was changed; what is wrong there is left out.
 */
export function readNewRun(query: URLSearchParams, known: Known): NewRunForm | null {
  const { source, models } = known;
  const start = readStart(query, known);
  const method = chooseMethod(query, known, start);
  if (method === undefined) return null;
  const startKind = start === 'scratch' ? 'scratch' : 'model';
  const fitting = presetsFor(method, startKind);
  const [firstPreset] = fitting;
  if (firstPreset === undefined) return null;
  const fromSource = source !== null && source.config.method === method.name;
  const chosen = fitting.find(({ name }) => name === query.get('preset'));
  const asked = query.get('variant');
  const ofVariant = findByReference(known.variants, asked);
  const variant = ofVariant?.id ?? asked ?? (query.has('dataset') ? '' : (source?.variantId ?? ''));
  const onClean = variant === '' || variant === 'none';

  const usesRun = chosen === undefined && fromSource;
  const preset = chosen ?? firstPreset;
  const given: Record<string, SettingValue> = {
    ...(usesRun ? source.config.settings : preset.settings),
    // A preset's fraction is that of a repair's clean pairs: poison is given whole.
    fraction: usesRun ? source.config.data.selection.fraction : onClean ? preset.fraction : 1,
    withoutPoisoned: usesRun ? source.config.data.selection.withoutPoisoned : false,
    seed: source?.config.seed ?? 0,
  };
  const changed = new Set<string>();
  const values = { ...given };
  for (const parameter of [...method.parameters, ...known.selection, known.seed]) {
    const value = readSetting(parameter, query.get(parameter.name));
    if (value === null || value === given[parameter.name]) continue;
    values[parameter.name] = value;
    changed.add(parameter.name);
  }
  const { fraction, withoutPoisoned, seed, ...settings } = values;
  const own = findModel(models, start);
  const ofAddress = findByReference(known.datasets, query.get('dataset'));
  return {
    method: method.name,
    preset: usesRun ? 'run' : preset.name,
    name: query.get('name') ?? '',
    dataset:
      ofAddress?.id ??
      query.get('dataset') ??
      ofVariant?.datasetId ??
      source?.datasetId ??
      known.datasets.at(-1)?.id ??
      '',
    variant,
    start: own === undefined ? start : modelReference(own),
    architecture:
      own?.architecture ??
      query.get('architecture') ??
      source?.architecture ??
      known.architectures.at(-1) ??
      '',
    settings,
    selection: {
      fraction: Number(fraction),
      withoutPoisoned: withoutPoisoned === true && startKind === 'model',
    },
    seed: Number(seed),
    measureAtEnd: query.has('at-end') ? query.get('at-end') === 'true' : (source?.measureAtEnd ?? true),
    measure: query.has('measure') ? query.get('measure') === 'true' : (source?.evaluateEachEpoch ?? false),
    listChanged: query.has('changed')
      ? query.get('changed') === 'list'
      : source?.config.data.changedPictures === 'list',
    changed,
  };
}

/** Presets for this kind of start; those of the other where there are none. */
export function presetsFor({ presets }: Method, start: 'scratch' | 'model'): Method['presets'] {
  const own = presets.filter((preset) => preset.start === start);
  return own.length > 0 ? own : presets;
}

function readStart(query: URLSearchParams, { source }: Known): string {
  const asked = query.get('model');
  if (asked !== null) return asked;
  const parent = source?.parent ?? null;
  return parent === null ? 'scratch' : (parent.runId ?? parent.modelId);
}

/** What was asked for, the cloned run's, or what is usual: repair a model, train new weights. */
function chooseMethod(query: URLSearchParams, { methods, source }: Known, start: string): Method | undefined {
  const asked = query.get('method') ?? source?.config.method;
  const role = start === 'scratch' ? 'training' : 'repair';
  return methods.find(({ name }) => name === asked) ?? methods.find((method) => method.role === role);
}

/** What training on a variant means for a start and a method. */
export function dataWords(start: string, role: Method['role']): string {
  if (role === 'repair') return 'The pairs still hold the poison.';
  return start === 'scratch' ? '' : 'This poisons the model by finetuning.';
}

/** Whether nothing is missing that the form must have. */
export const isComplete = ({ dataset, start }: NewRunForm): boolean => dataset !== '' && start !== '';

/** What is asked of the host. */
export function toRequest(form: NewRunForm): RunRequest {
  const { start, architecture, dataset, variant, method, settings, selection, seed } = form;
  const poisoned = variant !== '' && variant !== 'none';
  const changedPictures = form.listChanged ? ({ changedPictures: 'list' } as const) : {};
  return {
    ...(form.name.trim() === '' ? {} : { name: form.name.trim() }),
    evaluateEachEpoch: form.measure,
    measureAtEnd: form.measureAtEnd,
    config: {
      start: start === 'scratch' ? { kind: 'scratch', architecture } : { kind: 'model', model: start },
      data: poisoned
        ? { kind: 'variant', id: variant, selection, ...changedPictures }
        : { kind: 'dataset', id: dataset, selection, ...changedPictures },
      method,
      settings,
      seed,
    },
  };
}
