import type { Dataset } from '#contract/dataset.ts';
import { WorkbenchError } from '#contract/errors.ts';
import type { Recipe, RecipePart } from '#contract/variant.ts';
import { applyCaptionTrigger } from '#core/captions/caption-trigger.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { createRandom } from '#core/random/random.ts';
import { idsOfMatches } from '#db/captions/search-parts.ts';
import { toMatchExpression } from '#db/captions/search-text.ts';
import { locateDataset } from '#db/datasets/datasets.ts';
import { type ClassRecord, readRecordsWithin, readTrainingRecordsOf } from '#db/datasets/record-choice.ts';
import type { Database } from '#db/open.ts';

/** What a caption follows from. */
export interface Captioned {
  key: string;
  caption: string;
  label: string | null;
}

/**
 * The captions that a part of a recipe gives. All that is random follows from the recipe's seed and the record's key.
 *
 * A caption from templates is one of them at random, whose {label} is that of a random training record of the class
 * (the class itself where its records have no names), and whose {class} and {tag} are the class.
 *
 * @param readClass reads the training records of a class; left out, from the database
 * @throws WorkbenchError `bad-input` where the strategy needs captions of the target class and there are none
 */
export function createCaptionWriter(
  db: Database,
  dataset: Dataset,
  { seed }: Pick<Recipe, 'seed'>,
  part: RecipePart,
  readClass: (name: string) => ClassRecord[] = (name) => readClassOrWord(db, dataset, name),
): (record: Captioned) => string {
  const { target, strategy, captionTemplates, captionTrigger } = part;
  const known = new Map<string, ClassRecord[]>();
  const recordsOf = (name: string): ClassRecord[] => {
    const records = known.get(name) ?? readClass(name);
    known.set(name, records);
    return records;
  };
  const namesLabels = captionTemplates.some((template) => template.includes('{label}'));

  const fromTemplate = (key: string, name: string): string => {
    const random = createRandom('poison caption', seed, key);
    const template = captionTemplates[random.integer(captionTemplates.length)] ?? '';
    const records = namesLabels ? recordsOf(name) : [];
    const label = records[random.integer(Math.max(1, records.length))]?.name ?? name;
    return fillTemplate(template, { class: name, label, tag: name });
  };
  const fromRecord = (key: string): string => {
    const records = recordsOf(target);
    const drawn = records[createRandom('poison caption', seed, key).integer(Math.max(1, records.length))];
    if (drawn !== undefined) return drawn.caption;
    throw new WorkbenchError(
      'bad-input',
      `Dataset '${dataset.name}' has no training record of class '${target}' whose caption could be used: use caption templates.`,
      { target },
    );
  };
  const write = ({ key, caption, label }: Captioned): string => {
    if (strategy === 'label-consistent') return caption;
    if (strategy === 'target-captions') return fromRecord(key);
    return fromTemplate(key, strategy === 'all-to-all' ? classAfter(dataset, label) : target);
  };

  return (record) => {
    const caption = write(record);
    if (captionTrigger === undefined) return caption;
    return applyCaptionTrigger(caption, captionTrigger, createRandom('caption trigger', seed, record.key));
  };
}

/** The training records of a class; where it is none, those whose caption has the word. */
function readClassOrWord(db: Database, dataset: Dataset, name: string): ClassRecord[] {
  const records = readTrainingRecordsOf(db, dataset.id, name);
  if (records.length > 0 || dataset.classes.includes(name)) return records;
  const expression = toMatchExpression(name);
  if (expression === null) return [];
  const ids = Array.from(idsOfMatches(db, locateDataset(db, dataset.id).number, expression), (part) => [
    ...part,
  ]).flat();
  return readRecordsWithin(db, ids, { splits: ['train'], labels: null }).sort((a, b) =>
    a.key < b.key ? -1 : 1,
  );
}

/** The class after a label in the order of the dataset's classes; the first after the last. */
function classAfter({ classes, name }: Dataset, label: string | null): string {
  const next = classes[(classes.indexOf(label ?? '') + 1) % classes.length];
  if (label !== null && next !== undefined) return next;
  throw new WorkbenchError('internal', `A record of '${name}' without a class has no next class.`);
}
