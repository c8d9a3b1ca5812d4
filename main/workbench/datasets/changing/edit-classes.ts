import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import { pictureKeyOf } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { editRecords, type RecordEdit } from '#db/datasets/dataset-changes.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { chooseTemplate } from '#main/data/importing/choose-template.ts';
import type { Workspace } from '../../workspace.ts';
import { deriveDataset } from '../derive-dataset.ts';
import { importRequestOf } from '../importing/import-requests.ts';
import { type ClassEdits, type ClassPlan, planClasses } from './plan-classes.ts';

export interface ClassChange extends ClassPlan {
  /** Classes that have another name now. */
  changed: number;
  /** Captions that were made from a class and are made anew. */
  captions: number;
}

/**
 * Gives classes other names; captions that were made from a class are made anew from its new name. Where variants, runs or
 * evaluations use the dataset it stays as it is, and a new one has the names.
 * @param newName of a new dataset; left out: the dataset is changed in its place
 * @throws WorkbenchError as planClasses; `bad-input` where no name changes; `conflict` where the dataset is used and no
 *   new one is named, or that name is taken
 */
export async function editClasses(
  workspace: Workspace,
  nameOrId: string,
  edits: ClassEdits,
  newName?: string,
): Promise<ClassChange> {
  const plan = await planClasses(workspace, nameOrId, edits);
  const names = new Map(plan.classes.map(({ was, name }) => [was, name]));
  const changed = plan.classes.filter(({ was, name }) => was !== name).length;
  const { dataset } = plan;
  if (changed === 0) {
    throw new WorkbenchError(
      'bad-input',
      `No class of '${dataset.name}' gets another name: name one with --rename, a file with --names, or --tidy-classes.`,
    );
  }
  const found: RecordEdit[] = [];
  let captions = 0;
  for (const record of iterateRecords(workspace.db, dataset.id, { labelled: true })) {
    const label = names.get(record.label ?? '') ?? null;
    if (label === null || label === record.label) continue;
    const caption = recaption(dataset, record, label);
    if (caption !== record.caption) captions += 1;
    found.push({ id: record.id, label, caption });
  }
  const made =
    newName === undefined
      ? editRecords(workspace.db, dataset.id, found, requestAfter(workspace, dataset, names))
      : await deriveDataset(workspace, { dataset: dataset.id, mode: 'all', name: newName }, new Set(), {
          edits: new Map(found.map(({ id, ...edit }) => [id, edit])),
          classes: plan.classes.flatMap(({ was, name }) => (was === name ? [] : [{ from: was, to: name }])),
        });
  return { ...plan, dataset: made, changed, captions };
}

/** A caption that was made from the class, from its new name by the same template; every other as it is. */
function recaption({ captionTemplates }: Dataset, record: DatasetRecord, label: string): string {
  const { label: was, caption } = record;
  if (was === null || captionTemplates.length === 0) return caption;
  const template = chooseTemplate(captionTemplates, pictureKeyOf(record));
  const fill = (word: string) => fillTemplate(template, { class: word, label: word, tag: word });
  return fill(was) === caption ? fill(label) : caption;
}

/** So that the source, when it is read again, gives the names of now. */
function requestAfter({ db }: Workspace, { id }: Dataset, names: ReadonlyMap<string, string>): unknown {
  const request = importRequestOf(db, id);
  if (request === null) return null;
  const before = Object.entries(request.renamed ?? {}).map(([from, to]) => [from, names.get(to) ?? to]);
  return { ...request, renamed: { ...Object.fromEntries(names), ...Object.fromEntries(before) } };
}
