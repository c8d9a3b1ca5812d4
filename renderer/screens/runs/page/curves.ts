import { queryOptions } from '@tanstack/svelte-query';
import type { Series } from '#contract/api/runs.ts';
import type { WorkbenchError } from '#contract/errors.ts';
import { client } from '../../../api/client.ts';

/** The series of several runs, by run id. */
export function curvesQuery(runIds: readonly string[], names: readonly string[], points: number) {
  return queryOptions<ReadonlyMap<string, readonly Series[]>, WorkbenchError>({
    queryKey: ['runs.curves', runIds, names, points],
    queryFn: async ({ signal }) =>
      new Map(
        await Promise.all(
          runIds.map(
            async (run) =>
              [run, await client.runs.metrics({ run, names: [...names], points }, { signal })] as const,
          ),
        ),
      ),
    meta: { topics: ['runs'] },
  });
}
