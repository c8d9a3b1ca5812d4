import type { ModelView } from '#contract/api/models.ts';
import type { Method, Parameter, RunRequest, RunView } from '#contract/api/runs.ts';
import type { RunKind, TrainingConfig } from '#contract/run.ts';

/** The form as its address says it, with the defaults filled in. */
export interface NewRunForm {
  kind: RunKind;
  /** Name of the preset, or `run` where the settings come from the cloned run. */
  preset: string;
  name: string;
  dataset: string;
  variant: string;
  /** Run of the model to start from; empty for none. */
  model: string;
  config: TrainingConfig;
  /** Measure CA and ASR after each epoch. */
  measure: boolean;
  /** Settings that differ from the preset. */
  changed: ReadonlySet<string>;
}

interface Known {
  methods: readonly Method[];
  architectures: readonly string[];
  models: readonly ModelView[];
  /** Ids of the datasets, latest last. */
  datasets: readonly string[];
  /** Variants with the dataset that each belongs to. */
  variants: readonly { id: string; name: string; datasetId: string }[];
  source: RunView | null;
}

/** A setting from the address; null where there is none or it is out of the form's range. */
function readSetting(parameter: Parameter, text: string | null): string | number | boolean | null {
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

/**
 * The form of a new run. Everything stands in the address: `from` (a run to clone), `kind`, `preset`, `dataset`,
 * `variant`, `model`, `architecture`, `name`, `measure` (CA and ASR after each epoch) and one parameter for each setting that was changed; what is wrong there
 * is left out.
 */
export function readNewRun(query: URLSearchParams, known: Known): NewRunForm | null {
  const { source, models } = known;
  const usual = source?.kind ?? (query.has('model') ? 'cleanclip' : 'train');
  const method =
    known.methods.find((one) => one.kind === query.get('kind')) ??
    known.methods.find((one) => one.kind === usual);
  const [firstPreset] = method?.presets ?? [];
  if (method === undefined || firstPreset === undefined) return null;
  const { kind } = method;
  const fromSource = source !== null && source.kind === kind;
  const chosen = method.presets.find(({ name }) => name === query.get('preset'));
  const base = chosen?.config ?? (fromSource ? source.config : firstPreset.config);

  const parentRun = source?.parent?.runId ?? null;
  const model =
    kind === 'train' ? '' : (query.get('model') ?? parentRun ?? (source?.modelId ? source.id : '') ?? '');
  const ownArchitecture = models.find(({ id, runId, name }) =>
    [id, runId, name].includes(model),
  )?.architecture;
  const architecture =
    ownArchitecture ??
    query.get('architecture') ??
    source?.config.architecture ??
    known.architectures.at(-1) ??
    '';

  // A run stored without a way of making views made small ones.
  const views = kind === 'cleanclip' ? { viewAugmentation: 'small' as const } : {};
  const start: TrainingConfig = { ...views, ...base, kind, architecture, seed: source?.config.seed ?? 0 };
  const given = new Map<string, unknown>(Object.entries(start));
  const changed = new Set<string>();
  let config = start;
  for (const parameter of method.parameters) {
    const value = readSetting(parameter, query.get(parameter.name));
    if (value === null || value === given.get(parameter.name)) continue;
    config = { ...config, [parameter.name]: value };
    changed.add(parameter.name);
  }
  const asked = query.get('variant');
  const ofVariant = known.variants.find(({ id, name }) => id === asked || name === asked);
  return {
    kind,
    preset: chosen?.name ?? (fromSource ? 'run' : firstPreset.name),
    name: query.get('name') ?? '',
    dataset: query.get('dataset') ?? ofVariant?.datasetId ?? source?.datasetId ?? known.datasets.at(-1) ?? '',
    variant: ofVariant?.id ?? asked ?? (query.has('dataset') ? '' : (source?.variantId ?? '')),
    model,
    config,
    measure: query.get('measure') === 'true',
    changed,
  };
}

/** What is asked of the host. */
export function toRequest(form: NewRunForm): RunRequest {
  return {
    ...(form.name.trim() === '' ? {} : { name: form.name.trim() }),
    config: form.config,
    evaluateEachEpoch: form.measure,
    dataset: form.dataset,
    variant: form.variant === '' || form.variant === 'none' ? null : form.variant,
    model: form.model === '' ? null : form.model,
  };
}
