import { recordQuerySchema, type SavedView } from '#contract/api/datasets.ts';
import { locateDataset } from '#db/datasets/datasets.ts';
import * as stored from '#db/datasets/saved-views.ts';
import type { Workspace } from '../workspace.ts';

/** The saved views of a dataset by name. @throws WorkbenchError `not-found` */
export function listViews({ db }: Workspace, dataset: string): SavedView[] {
  return stored.listViews(db, locateDataset(db, dataset).number).map(toView);
}

/** @throws WorkbenchError `not-found`; `conflict` where the dataset has a view of this name, `bad-input` where it is none */
export function saveView({ db }: Workspace, name: string, query: SavedView['query']): SavedView {
  const { number, id } = locateDataset(db, query.dataset);
  return toView(stored.saveView(db, number, name, JSON.stringify({ ...query, dataset: id })));
}

/** @throws WorkbenchError as {@link saveView} does */
export function renameView({ db }: Workspace, id: number, name: string): SavedView {
  return toView(stored.renameView(db, id, name));
}

/** @returns whether there was such a view */
export function deleteView({ db }: Workspace, id: number): boolean {
  return stored.deleteView(db, id);
}

function toView({ id, name, query }: stored.SavedViewRow): SavedView {
  return { id, name, query: recordQuerySchema.parse(JSON.parse(query)) };
}
