import type { Dataset } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { ImportNote } from '#contract/import.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { groupBy } from '#core/group-by.ts';
import { listFirst } from '#core/list-first.ts';
import { findDataset, locateDataset } from '#db/datasets/datasets.ts';
import { labelCounts } from '#db/datasets/record-counts.ts';
import { nameClass, noNames, readNamesFile } from '#main/data/readers/class-names.ts';
import type { Workspace } from '../../workspace.ts';
import { classNotes } from '../importing/class-notes.ts';

/** How classes are to be called; what is named singly comes before the file, and the file before tidying. */
export interface ClassEdits {
  /** New names by the present ones; two with one name become one class. */
  rename?: Readonly<Record<string, string>> | undefined;
  /** A file of ids and names, as for an import. */
  namesFile?: string | undefined;
  /** Takes numbers and underscores out. */
  tidy?: boolean | undefined;
}

/** A class before and after. */
export interface PlannedClass {
  was: string;
  name: string;
  records: number;
  /** The first prompt that it is measured with. */
  prompt: string;
}

export interface ClassPlan {
  dataset: Dataset;
  classes: PlannedClass[];
  /** Of the names after it. */
  notes: ImportNote[];
}

/**
 * What classes a dataset would have, and the prompts that follow; nothing is changed.
 * @throws WorkbenchError `not-found` for the dataset or the file; `bad-input` for a class that is not there, or a name
 *   that is empty
 */
export async function planClasses(
  { db }: Workspace,
  nameOrId: string,
  { rename = {}, namesFile, tidy = false }: ClassEdits,
): Promise<ClassPlan> {
  const dataset = findDataset(db, nameOrId);
  const known = new Set(dataset.classes);
  const singly = new Map(Object.entries(rename).map(([was, name]) => [was, name.trim()]));
  for (const [was, name] of singly) {
    if (!known.has(was)) throw noClass(dataset, was);
    if (name === '') {
      throw new WorkbenchError('bad-input', `Enter a name for the class '${was}'.`, { class: was });
    }
  }
  const byId = namesFile === undefined ? noNames.byId : await readNamesFile(namesFile);
  const names = { ...noNames, byId, tidy };
  const nameOf = (was: string) => singly.get(was) ?? nameClass(names, was);
  const [prompt = '{}'] = dataset.prompts;
  const classes = labelCounts(db, locateDataset(db, dataset.id).number).flatMap(({ value, count }) => {
    if (value === null) return [];
    const name = nameOf(value);
    return [{ was: value, name, records: count, prompt: fillTemplate(prompt, { class: name }) }];
  });
  if (namesFile !== undefined && classes.every(({ was }) => !byId.has(was))) {
    throw new WorkbenchError(
      'bad-input',
      `${namesFile} names none of the classes of '${dataset.name}' (${listFirst(dataset.classes, 3)}): choose another file.`,
      { path: namesFile },
    );
  }
  const after = [...new Set(classes.map(({ name }) => name))];
  return { dataset, classes, notes: [...classNotes(after, names), ...mergeNotes(classes)] };
}

/** Classes that become one. */
function mergeNotes(classes: readonly PlannedClass[]): ImportNote[] {
  const groups = groupBy(classes, ({ name }) => name);
  const merged = [...groups].filter(([, group]) => group.length > 1);
  if (merged.length === 0) return [];
  const words = merged
    .slice(0, 4)
    .map(([name, group]) => `${group.map(({ was }) => `'${was}'`).join(' and ')} become '${name}'`);
  return [
    {
      kind: 'classes-merged',
      message: `${words.join('; ')}${merged.length > 4 ? ' and more' : ''}.`,
      count: merged.length,
    },
  ];
}

function noClass({ name, classes }: Dataset, was: string): WorkbenchError {
  return new WorkbenchError(
    'bad-input',
    `Dataset '${name}' has no class '${was}'. Its classes are ${listFirst(classes, 10)}.`,
    { class: was },
  );
}
