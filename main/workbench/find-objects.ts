import type { z } from 'zod';
import type { searchHitSchema } from '#contract/api/workspace.ts';
import { listDatasets } from '#db/datasets.ts';
import { listRuns } from '#db/runs.ts';
import { listVariants } from '#db/variants.ts';
import type { Workspace } from './workspace.ts';

export type SearchHit = z.infer<typeof searchHitSchema>;

const most = 30;

/** Datasets, variants and runs whose name holds the text, the newest of each first; all of them for an empty text. */
export function findObjects({ db }: Workspace, text: string): SearchHit[] {
  const wanted = text.trim().toLocaleLowerCase('en');
  const matches = ({ name }: { name: string }) => name.toLocaleLowerCase('en').includes(wanted);
  const hits: SearchHit[] = [
    ...listRuns(db)
      .filter(matches)
      .reverse()
      .map(
        ({ id, name, kind, state }): SearchHit => ({
          kind: 'run',
          id,
          title: name,
          subtitle: `${kind}, ${state}`,
        }),
      ),
    ...listVariants(db)
      .filter(matches)
      .reverse()
      .map(
        ({ id, name, changed }): SearchHit => ({
          kind: 'variant',
          id,
          title: name,
          subtitle: `${changed} poisoned`,
        }),
      ),
    ...listDatasets(db)
      .filter(matches)
      .reverse()
      .map(
        ({ id, name, records }): SearchHit => ({
          kind: 'dataset',
          id,
          title: name,
          subtitle: `${records} records`,
        }),
      ),
  ];
  return hits.slice(0, most);
}
