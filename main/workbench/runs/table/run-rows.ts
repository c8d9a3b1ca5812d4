import { createHash } from 'node:crypto';
import { type RunConfig, runConfigSchema } from '#contract/run.ts';
import { roleOf } from '#core/run-role.ts';
import type { TableRow } from '#core/run-table/filter.ts';
import { stateWords } from '#core/run-words.ts';
import { readChangeMark } from '#db/data-version.ts';
import {
  listResultMetrics,
  listRunResults,
  listRunStatuses,
  listStoredRuns,
  listStoredVariants,
  type RunResult,
  type RunStatus,
  type StoredRun,
} from '#db/runs/table-rows.ts';
import type { Workspace } from '../../workspace.ts';
import { chosenSettings } from '../run-settings.ts';
import { attackCells } from './attack-cells.ts';

/** A run as the run table holds it. */
export interface RunTableRow {
  id: string;
  /** The same for runs whose settings and seeds, and those of all runs before them, are the same. */
  made: string;
  archived: boolean;
  cells: TableRow;
}

/** All runs as rows, oldest first, as they are now. */
export type ReadRunRows = () => RunTableRow[];

/** What never changes of a run. */
interface KnownRun {
  id: string;
  config: RunConfig;
  variantId: string | null;
  parentModelId: string | null;
  cells: TableRow;
  /** What it is made of, without what came before. */
  own: string;
}

/**
 * Rows as they are now: read anew where the database changed since, whoever changed it. Configurations and recipes,
 * which never change, are read once.
 */
export function createRunRows({ db }: Pick<Workspace, 'db'>): ReadRunRows {
  const runs = new Map<number, KnownRun>();
  const variants = new Map<string, TableRow>();
  let newest = 0;
  let kept: { version: string; rows: RunTableRow[] } | null = null;

  const learn = () => {
    for (const stored of listStoredRuns(db, newest)) {
      runs.set(stored.number, toKnownRun(stored));
      newest = stored.number;
    }
    for (const stored of listStoredVariants(db)) {
      if (!variants.has(stored.id)) variants.set(stored.id, attackCells(stored));
    }
  };

  const build = (): RunTableRow[] => {
    learn();
    const statuses = listRunStatuses(db);
    const results = new Map(listRunResults(db).map((result) => [result.number, result]));
    const metrics = collectMetrics(listResultMetrics(db));
    const ofModel = new Map<string, KnownRun>();
    for (const { number, modelId } of statuses) {
      const run = runs.get(number);
      if (modelId !== null && run !== undefined) ofModel.set(modelId, run);
    }
    const manifestOf = (id: string | null) => (id === null ? null : (variants.get(id)?.manifest ?? null));
    const follow = createFollower(ofModel, manifestOf);
    return statuses.flatMap((status): RunTableRow[] => {
      const run = runs.get(status.number);
      if (run === undefined) return [];
      const result = results.get(status.number);
      const { variants: trained, fromFile, made } = follow(run);
      const variantId = trained[0] ?? null;
      const attacked = result === undefined ? variantId : result.variantId;
      return [
        {
          id: run.id,
          made,
          archived: status.archived === 1,
          cells: {
            id: run.id,
            ...run.cells,
            ...statusCells(status),
            ...(attacked === null ? {} : variants.get(attacked)),
            ...(result === undefined ? {} : resultCells(result)),
            ...(result?.variantId == null
              ? {}
              : { trainedOn: trained.includes(result.variantId) || (fromFile ? null : false) }),
            ...(result === undefined ? {} : metrics.get(result.evaluation)),
          },
        },
      ];
    });
  };
  return () => {
    const version = readChangeMark(db);
    if (kept?.version !== version) kept = { version, rows: build() };
    return kept.rows;
  };
}

function toKnownRun(stored: StoredRun): KnownRun {
  const config = runConfigSchema.parse(JSON.parse(stored.config));
  const { id, architecture, leftOut, datasetId, variantId, parentModelId, createdAt } = stored;
  const { settings, seed, method, data } = config;
  return {
    id,
    config,
    variantId,
    parentModelId,
    cells: {
      ...chosenSettings({ config, architecture, leftOut }),
      role: roleOf(config),
      created: createdAt,
    },
    own: JSON.stringify([method, settings, seed, architecture, datasetId, data.selection]),
  };
}

/** A run with all that came before it. */
interface Followed {
  /** Variants that it and the runs before it were trained on, the nearest first. */
  variants: readonly string[];
  /** Whether they go back to a model from a file, of which nobody knows what it was trained on. */
  fromFile: boolean;
  made: string;
}

/** Follows runs back through the models that they start from: each run's answer is worked out once. */
function createFollower(
  ofModel: ReadonlyMap<string, KnownRun>,
  manifestOf: (variantId: string | null) => unknown,
): (run: KnownRun) => Followed {
  const known = new Map<KnownRun, Followed>();
  const follow = (run: KnownRun): Followed => {
    const found = known.get(run);
    if (found !== undefined) return found;
    const { parentModelId, variantId, own } = run;
    const parent = parentModelId === null ? undefined : ofModel.get(parentModelId);
    const before = parent === undefined ? null : follow(parent);
    const made = createHash('sha1')
      .update(`${own}\n${String(manifestOf(variantId))}\n${before?.made ?? parentModelId}`)
      .digest('base64');
    const earlier = before?.variants ?? [];
    const answer = {
      variants: variantId === null ? earlier : [variantId, ...earlier],
      fromFile: before === null ? parentModelId !== null : before.fromFile,
      made,
    };
    known.set(run, answer);
    return answer;
  };
  return follow;
}

function statusCells({
  name,
  state,
  dataset,
  variant,
  parent,
  note,
  tags,
  seconds,
  ...rest
}: RunStatus): TableRow {
  return {
    name,
    state: stateWords[state],
    dataset,
    variant,
    start: parent ?? 'scratch',
    note: note === '' ? null : note,
    tags: JSON.parse(tags) as string[],
    seconds,
    ended: rest.endedAt,
    device: rest.device,
  };
}

function resultCells(result: RunResult): TableRow {
  const { caHits, caCount, top5Hits, top5Count, asrHits, asrCount, implanted, target } = result;
  return {
    ca: toPercent(caHits, caCount),
    top5: toPercent(top5Hits, top5Count),
    asr: toPercent(asrHits, asrCount),
    implanted: implanted === null ? null : implanted === 1,
    target,
    cleanPictures: caCount,
    attackedPictures: asrCount,
  };
}

function collectMetrics(rows: ReturnType<typeof listResultMetrics>): Map<number, TableRow> {
  const found = new Map<number, Record<string, number | null>>();
  for (const { evaluation, metric, hits, count } of rows) {
    const own = found.get(evaluation) ?? {};
    own[metric] = toPercent(hits, count);
    found.set(evaluation, own);
  }
  return found;
}

function toPercent(hits: number | null, count: number | null): number | null {
  return hits === null || count === null || count === 0 ? null : (100 * hits) / count;
}
