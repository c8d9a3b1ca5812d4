import type { RunPageRequest, RunView } from '#contract/api/runs.ts';
import { type Run, runStates } from '#contract/run.ts';
import { findScores, listScores, type Scores } from '#db/models/scores.ts';
import { findRunExtras, listRunExtras, previewLosses, type RunExtras } from '#db/runs/run-extras.ts';
import { readMeasuring } from '#db/runs/run-keeping.ts';
import { countRuns, findRunPage, listQueuedRuns } from '#db/runs/run-pages.ts';
import { findRun, listRuns } from '#db/runs/runs.ts';
import { refreshRunStates } from '../engine/queue.ts';
import type { Workspace } from '../workspace.ts';

const previewPoints = 60;

/** Shows runs as a window lists them. */
export interface RunViewer {
  /** Newest first; the newest `limit` where it is given. */
  list(archived: boolean, limit?: number): RunView[];
  page(request: RunPageRequest): { total: number; all: number; rows: RunView[]; waiting: RunView[] };
  /** @throws WorkbenchError `not-found` */
  get(nameOrId: string): RunView;
  /** These runs, in their order. */
  viewAll(runs: readonly Run[]): RunView[];
}

/** The first page of the list as it comes. */
const newestRuns = (archived: boolean, limit: number): RunPageRequest => ({
  archived,
  text: '',
  states: [...runStates],
  sort: 'begun',
  descending: true,
  offset: 0,
  limit,
});

/** Losses of runs that do not run are remembered: they do not change. */
export function createRunViewer(workspace: Workspace): RunViewer {
  const { db } = workspace;
  const previews = new Map<string, { step: number; losses: number[] }>();

  const preview = (run: Run): number[] => {
    const kept = previews.get(run.id);
    if (kept?.step === run.step) return kept.losses;
    const losses = previewLosses(db, run.id, run.step, previewPoints);
    if (run.state !== 'running') previews.set(run.id, { step: run.step, losses });
    return losses;
  };
  const view = (
    run: Run,
    extra: RunExtras | null | undefined,
    scores: Scores | null | undefined,
  ): RunView => {
    const { eachEpoch, atEnd } = readMeasuring(db, run.id);
    return {
      ...run,
      dataset: extra?.dataset ?? run.datasetId,
      variant: extra?.variant ?? null,
      parent: extra?.parent ?? null,
      note: extra?.note ?? '',
      archived: extra?.archived ?? false,
      queuePlace: extra?.queuePlace ?? null,
      scores: scores ?? null,
      evaluateEachEpoch: eachEpoch,
      measureAtEnd: atEnd,
      lossPreview: preview(run),
    };
  };
  const viewOne = (run: Run) => view(run, findRunExtras(db, run.id), findScores(db, run.id));
  return {
    list(archived, limit) {
      refreshRunStates(workspace);
      if (limit !== undefined) return findRunPage(db, newestRuns(archived, limit)).runs.map(viewOne);
      const extras = listRunExtras(db);
      const scores = listScores(db);
      return listRuns(db)
        .filter(({ id }) => extras.get(id)?.archived === archived)
        .reverse()
        .map((run) => view(run, extras.get(run.id), scores.get(run.id)));
    },
    get(nameOrId) {
      refreshRunStates(workspace);
      return viewOne(findRun(db, nameOrId));
    },
    page(request) {
      refreshRunStates(workspace);
      const { total, runs } = findRunPage(db, request);
      return {
        total,
        all: countRuns(db, request.archived),
        rows: runs.map(viewOne),
        waiting: listQueuedRuns(db).map(viewOne),
      };
    },
    viewAll: (runs) => runs.map(viewOne),
  };
}
