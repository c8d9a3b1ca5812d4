import { recordQuerySchema } from '#contract/api/datasets.ts';
import type { VariantRequest } from '#contract/api/variants.ts';
import type { Dataset, DatasetRecord } from '#contract/dataset.ts';
import { toWireError, WorkbenchError } from '#contract/errors.ts';
import type { Recipe, RecipePart } from '#contract/variant.ts';
import { createRandom } from '#core/random/random.ts';
import { limitTrigger } from '#core/triggers/trigger-registry.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { type ClassRecord, readTrainingRecordsOf } from '#db/datasets/record-choice.ts';
import type { RecordBrowser } from '../datasets/browsing/record-browser.ts';
import type { Workspace } from '../workspace.ts';
import { chooseByKeys, countTrainingPairs, countWanted, tooFew } from './choose-records.ts';
import { createEligibility, iterateEligible } from './eligible-records.ts';
import { attackOf } from './render-record.ts';
import { resolveRequest } from './variant-request.ts';
import { createCaptionWriter } from './write-captions.ts';

/** What a part of a request would change; see contract/api/variants.ts. */
export interface PartPreview {
  candidates: { count: number; exact: boolean };
  trainingPairs: number;
  wanted: number;
  problem: string | null;
  /** Whether the examples are the seed's own choice; a large dataset, or an order that needs a model, gives candidates. */
  chosen: boolean;
  examples: { record: DatasetRecord; newCaption: string }[];
}

const shownExamples = 8;
const rememberedClasses = 4;
/** Of a dataset with more records the choice itself would hold the host up: about 0.1 s for so many. */
const chosenAtOnce = 20_000;

/**
 * Looks at requests while they are being made: an answer is a look into lists that the browser remembers, and where
 * they are still growing it says so.
 */
export function createPreviewer({ db, ...rest }: Workspace, browser: RecordBrowser) {
  const workspace = { db, ...rest };
  const classes = new Map<string, ClassRecord[]>();
  const readClass = (dataset: Dataset, name: string): ClassRecord[] => {
    const key = `${dataset.id} ${name}`;
    const records = classes.get(key) ?? readTrainingRecordsOf(db, dataset.id, name);
    classes.delete(key);
    classes.set(key, records);
    for (const oldest of classes.keys()) if (classes.size > rememberedClasses) classes.delete(oldest);
    return records;
  };

  /** @throws WorkbenchError `not-found` for the dataset; what is wrong with the rest is the answer's `problem` */
  return async (request: VariantRequest, place: number): Promise<PartPreview> => {
    let resolved: { dataset: Dataset; recipe: Recipe };
    try {
      resolved = resolveRequest(workspace, request);
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      const dataset = findDataset(db, request.dataset);
      const trainingPairs = countTrainingPairs(db, dataset);
      const asked = request.parts[place];
      const wanted = asked === undefined ? 0 : countWanted(asked.amount, trainingPairs);
      const none = { count: 0, exact: true };
      return { candidates: none, trainingPairs, wanted, problem: error.message, chosen: false, examples: [] };
    }
    const { dataset, recipe } = resolved;
    const part = recipe.parts[place];
    if (part === undefined) {
      throw new WorkbenchError('bad-input', `There is no part ${place + 1} in this request.`, {
        part: place,
      });
    }
    const trainingPairs = countTrainingPairs(db, dataset);
    const wanted = countWanted(part.amount, trainingPairs);
    const query = queryOf(dataset, part);
    const named = part.selection?.keys === undefined ? null : countNamed(workspace, dataset, part);
    const candidates =
      named !== null
        ? { count: named, exact: true }
        : query === null
          ? { count: 0, exact: true }
          : await browser.count(query);
    const missing =
      candidates.exact && candidates.count < wanted
        ? tooFew(dataset, part, candidates.count, wanted, false).message
        : null;
    try {
      const writeCaption = createCaptionWriter(db, dataset, recipe, part, (name) => readClass(dataset, name));
      limitTrigger(
        { width: recipe.resolution, height: recipe.resolution },
        attackOf(recipe, place),
        'preview',
      );
      const choice = missing === null ? chooseNow(workspace, dataset, recipe, place) : null;
      if (choice !== null) {
        const examples = choice
          .slice(0, shownExamples)
          .map((record) => ({ record, newCaption: writeCaption(record) }));
        return { candidates, trainingPairs, wanted, problem: missing, chosen: true, examples };
      }
      const examples: PartPreview['examples'] = [];
      for (const offset of choosePlaces(candidates.count, recipe.seed)) {
        const [browsed] = query === null ? [] : await browser.page(query, offset, 1);
        if (browsed === undefined) continue;
        const { record } = browsed;
        examples.push({ record, newCaption: writeCaption(record) });
      }
      return { candidates, trainingPairs, wanted, problem: missing, chosen: false, examples };
    } catch (error) {
      return {
        candidates,
        trainingPairs,
        wanted,
        problem: toWireError(error).message,
        chosen: false,
        examples: [],
      };
    }
  };
}

/**
 * What a part changes, as making the variant would choose it: each part takes of what those before it left. null where
 * that would take long.
 */
function chooseNow(
  workspace: Workspace,
  dataset: Dataset,
  recipe: Recipe,
  place: number,
): DatasetRecord[] | null {
  const parts = recipe.parts.slice(0, place + 1);
  const isLarge =
    dataset.records > chosenAtOnce && parts.some(({ selection }) => selection?.keys === undefined);
  if (isLarge || parts.some(({ selection }) => needsModel(selection))) return null;
  const taken = new Set<number>();
  let chosen: DatasetRecord[] = [];
  for (const part of parts) {
    chosen = chooseByKeys(workspace, dataset, recipe, part, taken);
    for (const { id } of chosen) taken.add(id);
  }
  return chosen;
}

/** Of records that are named, those that may be changed. */
function countNamed({ db }: Workspace, dataset: Dataset, part: RecipePart): number {
  const eligible = createEligibility(part, new Set());
  return [...iterateEligible(db, dataset, part, eligible)].length;
}

const needsModel = (selection: RecipePart['selection']): boolean =>
  selection?.order !== undefined && selection.order.kind !== 'ranks';

/** The records that a part may change, as browsing asks for them; null where there can be none. */
function queryOf(dataset: Dataset, { target, strategy, selection = {} }: RecipePart) {
  const { splits = ['train'], classes, caption = '', includeTarget } = selection;
  const all = [null, ...dataset.classes];
  const fitting = all.filter((label) => {
    if (strategy === 'label-consistent') return label === target;
    if (strategy === 'all-to-all') return label !== null;
    return includeTarget === true || label !== target;
  });
  const labels = classes === undefined ? fitting : fitting.filter((label) => classes.includes(label));
  if (labels.length === 0) return null;
  return recordQuerySchema.parse({
    dataset: dataset.id,
    text: caption,
    splits,
    labels: labels.length === all.length ? [] : labels,
  });
}

/** Some places below `count`, ascending, by the seed. */
function choosePlaces(count: number, seed: number): number[] {
  const random = createRandom('variant preview', seed);
  if (count <= shownExamples) return Array.from({ length: count }, (_, place) => place);
  const places = new Set<number>();
  while (places.size < shownExamples) places.add(random.integer(count));
  return [...places].sort((a, b) => a - b);
}
