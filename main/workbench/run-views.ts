import type { RunView } from '#contract/api/runs.ts';
import type { Run } from '#contract/run.ts';
import { listRunExtras, previewLosses, type RunExtras } from '#db/run-extras.ts';
import { findRun, listRuns } from '#db/runs.ts';
import { listScores, type Scores } from '#db/scores.ts';
import { refreshRunStates } from './queue.ts';
import type { Workspace } from './workspace.ts';

const previewPoints = 60;

/** Shows runs as a window lists them. */
export interface RunViewer {
  /** Newest first. */
  list(archived: boolean): RunView[];
  /** @throws WorkbenchError `not-found` */
  get(nameOrId: string): RunView;
  /** These runs, in their order, with one look at the rest of the database. */
  viewAll(runs: readonly Run[]): RunView[];
}

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
  const view = (run: Run, extras: Map<string, RunExtras>, scores: Map<string, Scores>): RunView => {
    const extra = extras.get(run.id);
    return {
      ...run,
      dataset: extra?.dataset ?? run.datasetId,
      variant: extra?.variant ?? null,
      parent: extra?.parent ?? null,
      note: extra?.note ?? '',
      archived: extra?.archived ?? false,
      queuePlace: extra?.queuePlace ?? null,
      scores: scores.get(run.id) ?? null,
      lossPreview: preview(run),
    };
  };
  return {
    list(archived) {
      refreshRunStates(workspace);
      const extras = listRunExtras(db);
      const scores = listScores(db);
      return listRuns(db)
        .filter(({ id }) => extras.get(id)?.archived === archived)
        .reverse()
        .map((run) => view(run, extras, scores));
    },
    get(nameOrId) {
      refreshRunStates(workspace);
      return view(findRun(db, nameOrId), listRunExtras(db), listScores(db));
    },
    viewAll(runs) {
      const extras = listRunExtras(db);
      const scores = listScores(db);
      return runs.map((run) => view(run, extras, scores));
    },
  };
}
