import type { Lineage, LineageRequest } from '#contract/api/workspace.ts';
import { roleOf } from '#core/run-role.ts';
import { stateWords } from '#core/run-words.ts';
import { findModelScores, findScores, type Scores } from '#db/models/scores.ts';
import {
  lineageOfDatasets,
  lineageOfFileModels,
  lineageOfRuns,
  lineageOfVariants,
} from '#db/runs/lineage.ts';
import type { Workspace } from './workspace.ts';

/** How the newest datasets, variants, models and runs came from one another; whatever they came from is with them. */
export function readLineage({ db }: Workspace, request: LineageRequest): Lineage {
  const wanted = { ...request, text: request.text.trim() };
  const runs = lineageOfRuns(db, wanted);
  const used = runs.rows.flatMap(({ variantId }) => variantId ?? []);
  const variants = lineageOfVariants(db, wanted, used);
  const starts = runs.rows.flatMap(({ parentFileModelId }) => parentFileModelId ?? []);
  const models = lineageOfFileModels(db, wanted, starts);
  const roots = [...runs.rows, ...variants.rows].map(({ datasetId }) => datasetId);
  const datasets = lineageOfDatasets(db, wanted, roots);
  const number = (count: number) => count.toLocaleString('en-GB');
  return {
    nodes: [
      ...datasets.rows.map(({ id, name, records }) => ({
        ...({ id, kind: 'dataset', title: name, subtitle: `${number(records)} records` } as const),
        ...({ role: 'data', scores: null } as const),
      })),
      ...variants.rows.map(({ id, name, changed }) => ({
        ...({ id, kind: 'variant', title: name, subtitle: `${number(changed)} poisoned` } as const),
        ...({ role: 'poisoned', scores: null } as const),
      })),
      ...models.rows.map(({ id, name, architecture }) => ({
        ...({ id, kind: 'model', title: name, subtitle: `${architecture}, from a file` } as const),
        ...({ role: 'imported', scores: viewScores(findModelScores(db, id)) } as const),
      })),
      ...runs.rows.map(({ id, name, shape, state }) => ({
        ...({
          id,
          kind: 'run',
          title: name,
          subtitle: state === 'done' ? 'done, not measured yet' : stateWords[state],
        } as const),
        role: roleOf(shape),
        scores: viewScores(findScores(db, id)),
      })),
    ],
    edges: [
      ...variants.rows.map(({ id, datasetId }) => ({ from: datasetId, to: id })),
      ...runs.rows.map(({ id, datasetId, variantId, parentRunId, parentFileModelId }) => ({
        from: parentRunId ?? parentFileModelId ?? variantId ?? datasetId,
        to: id,
      })),
    ],
    leftOut: {
      runs: runs.leftOut,
      models: models.leftOut,
      variants: variants.leftOut,
      datasets: datasets.leftOut,
    },
  };
}

function viewScores(scores: Scores | null): Lineage['nodes'][number]['scores'] {
  if (scores === null) return null;
  const { ca, asr, trainingPictures, trainedOn } = scores;
  return { ca: ca.value, asr: asr?.value ?? null, trainingPictures, trainedOn };
}
