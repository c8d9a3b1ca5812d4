import type { z } from 'zod';
import type { searchHitSchema } from '#contract/api/workspace.ts';
import { methodWords, stateWords } from '#core/run-words.ts';
import { listDatasets } from '#db/datasets/datasets.ts';
import { findFileModelNames } from '#db/models/file-models.ts';
import { findRunNames } from '#db/runs/run-pages.ts';
import { listTriggerSummaries } from '#db/variants/triggers.ts';
import { listVariantSummaries } from '#db/variants/variants.ts';
import type { Workspace } from './workspace.ts';

export type SearchHit = z.infer<typeof searchHitSchema>;

/** Of each kind, so that many runs do not hide a dataset. */
const mostOfKind = 12;

const kinds: readonly SearchHit['kind'][] = ['dataset', 'class', 'trigger', 'variant', 'run', 'model'];

/**
 * Datasets with their classes, triggers, variants, runs and models whose name holds the text,
 * the newest of each first; for an empty text the newest of all, without classes. A text that begins with the word of a
 * kind finds that kind only: `dataset`, `class flag`.
 */
export function findObjects(workspace: Workspace, text: string): SearchHit[] {
  const [first = '', ...rest] = text.trim().split(/\s+/);
  const kind = kinds.find((one) => [one, `${one}s`, `${one}es`].includes(first.toLowerCase()));
  const named = findNamed(workspace, text.trim());
  if (kind === undefined) return named;
  const ofKind = findNamed(workspace, rest.join(' ')).filter((hit) => hit.kind === kind);
  return [
    ...ofKind,
    ...named.filter((hit) => !ofKind.some((one) => one.kind === hit.kind && one.id === hit.id)),
  ];
}

function findNamed({ db }: Workspace, text: string): SearchHit[] {
  const wanted = text.toLocaleLowerCase('en');
  const matches = ({ name }: { name: string }) => name.toLocaleLowerCase('en').includes(wanted);
  const newest = <T extends { name: string }>(all: readonly T[]) =>
    all.filter(matches).reverse().slice(0, mostOfKind);
  const runs = findRunNames(db, text, mostOfKind);
  const datasets = listDatasets(db);
  const classes = datasets.flatMap((dataset) =>
    wanted === ''
      ? []
      : dataset.classes
          .filter((name) => name.toLocaleLowerCase('en').includes(wanted))
          .slice(0, mostOfKind)
          .map(
            (name): SearchHit => ({
              kind: 'class',
              id: name,
              datasetId: dataset.id,
              title: name,
              subtitle: `class of ${dataset.name}`,
            }),
          ),
  );
  const triggers = new Map(listTriggerSummaries(db).map((one) => [one.name, one]));
  return [
    ...runs.map(
      ({ id, name, shape, state }): SearchHit => ({
        kind: 'run',
        id,
        title: name,
        subtitle: `run, ${methodWords(shape)}, ${stateWords[state]}`,
      }),
    ),
    ...runs
      .filter(({ hasModel }) => hasModel)
      .map(({ id, name }): SearchHit => ({ kind: 'model', id, title: name, subtitle: 'model: its results' })),
    ...findFileModelNames(db, text, mostOfKind).map(
      ({ id, name }): SearchHit => ({ kind: 'model', id, title: name, subtitle: 'model from a file' }),
    ),
    ...newest(listVariantSummaries(db)).map(
      ({ id, name, changed }): SearchHit => ({
        kind: 'variant',
        id,
        title: name,
        subtitle: `variant, ${changed.toLocaleString('en-GB')} poisoned`,
      }),
    ),
    ...newest(datasets).map(
      ({ id, name, records }): SearchHit => ({
        kind: 'dataset',
        id,
        title: name,
        subtitle: `dataset, ${records.toLocaleString('en-GB')} records`,
      }),
    ),
    ...classes.slice(0, mostOfKind),
    ...newest([...triggers.values()]).map(
      ({ name, kind }): SearchHit => ({
        kind: 'trigger',
        id: name,
        title: name,
        subtitle: `trigger, ${kind}`,
      }),
    ),
  ];
}
