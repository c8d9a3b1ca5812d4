import type { Activation } from '#contract/clip-config.ts';
import type { Dataset } from '#contract/dataset.ts';
import type { ImportModelJob, ImportModelReport } from '#contract/engine.ts';
import type { Share } from '#contract/evaluation.ts';
import type { ImportMeasurement } from '#contract/model-files.ts';
import { chanceOf, isNearChance, summariseCounts } from '#core/statistics/near-chance.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { withTestRecords } from '../evaluations/evaluations.ts';
import { measuredPart, picturesAtOnce } from '../evaluations/test-records.ts';
import type { Workspace } from '../workspace.ts';

/** What a file's model is measured with. */
export interface MeasuringChoice {
  /** Name or id of a dataset on whose labelled pictures CA is measured; null: not measured. */
  measure: string | null;
  /** null: the dataset's own. */
  prompts: readonly string[] | null;
}

/**
 * Calls `work` with what the engine measures a file's model on; null without a dataset.
 * @throws WorkbenchError `not-found`; `bad-input` where the dataset has no labels
 */
export async function withMeasured<T>(
  workspace: Workspace,
  { measure, prompts: chosen }: MeasuringChoice,
  work: (measured: ImportModelJob['measured'], dataset: Dataset | null) => Promise<T>,
): Promise<T> {
  if (measure === null) return work(null, null);
  const dataset = findDataset(workspace.db, measure);
  const { classes } = dataset;
  const prompts = [...(chosen ?? dataset.prompts)];
  return withTestRecords(workspace, dataset, (recordsFile) =>
    work({ recordsFile, classes, prompts, batchSize: picturesAtOnce }, dataset),
  );
}

/** What the measured CA says of the way in which a file was read; null where nothing was measured. */
export function judgeImport(
  workspace: Workspace,
  { measured, activation }: ImportModelReport,
  dataset: Dataset | null,
): ImportMeasurement | null {
  const [better, other] = measured.toSorted((a, b) => b.evaluation.ca.value - a.evaluation.ca.value);
  if (dataset === null || better === undefined) return null;
  const { perClass, ca } = better.evaluation;
  const chance = chanceOf(summariseCounts(perClass.map(({ count }) => count)));
  const { split } = measuredPart(workspace, dataset.id);
  const on = `${ca.count} ${split ?? 'labelled'} pictures of '${dataset.name}'`;
  const warnings: string[] = [];
  const taken = measured.find((one) => one.activation === activation) ?? better;
  if (isNearChance(taken.evaluation.ca, chance)) {
    warnings.push(
      `This looks wrongly loaded: CA is ${shareWords(taken.evaluation.ca)} on ${on}, and a model that knows nothing reaches ${percent(chance)}. Check the activation, the class names and prompts of the dataset, and that the file is the right one.`,
    );
  }
  if (activation !== null && other !== undefined && better.activation !== activation) {
    if (better.evaluation.ca.low > other.evaluation.ca.high) {
      warnings.push(
        `With the activation ${better.activation} CA is ${shareWords(better.evaluation.ca)}, with ${activation} only ${shareWords(other.evaluation.ca)}: import it again with ${better.activation}.`,
      );
    }
  }
  return {
    dataset: dataset.name,
    split: split ?? 'all',
    pictures: ca.count,
    chance,
    byActivation: measured.map(({ activation: name, evaluation }) => ({
      activation: name,
      ca: evaluation.ca,
    })),
    proposed: proposeActivation(measured),
    warning: warnings.length === 0 ? null : warnings.join(' '),
  };
}

/** The activation with the higher CA; null where both reach the same. */
function proposeActivation(measured: ImportModelReport['measured']): Activation | null {
  const [better, other] = measured.toSorted((a, b) => b.evaluation.ca.value - a.evaluation.ca.value);
  if (better === undefined || better.evaluation.ca.value === other?.evaluation.ca.value) return null;
  return better.activation;
}

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const shareWords = ({ value, low, high }: Share) =>
  `${percent(value)} (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
