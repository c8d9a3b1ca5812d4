import type { AttackView } from '#contract/api/models.ts';
import type { RunView } from '#contract/api/runs.ts';
import type { FurtherMeasureName } from '#contract/further-measures.ts';
import { client } from '../../api/client.ts';
import { toProblem } from '../../api/problem.ts';
import { invalidateTopics } from '../../api/queries.ts';
import { formatCount } from '../../format/numbers.ts';
import { navigate, router } from '../../routing/router.svelte.ts';
import { routes } from '../../routing/routes.ts';
import { toasts } from '../../state/toasts.svelte.ts';

type Named = Pick<RunView, 'id' | 'name'>;

/** Does one thing to a run; what goes wrong is told in a notice. @returns whether it went well */
async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    invalidateTopics(['runs']);
    return true;
  } catch (thrown) {
    toasts.error(toProblem(thrown));
    return false;
  }
}

/** Adds to an evaluation what a further measure finds, as a job. */
export const measureFurther = (evaluationId: string, measure: FurtherMeasureName) =>
  attempt(() => client.models.measureFurther({ evaluationId, measure }));

export const stopRun = (run: Named) => attempt(() => client.runs.stop({ run: run.id }));
export const resumeRun = (run: Named) => attempt(() => client.runs.resume({ run: run.id }));
export const moveRun = (run: Named, place: number) => attempt(() => client.runs.move({ run: run.id, place }));
/** @throws what keeps it from having the name */
export async function renameRun(run: Named, name: string): Promise<void> {
  await client.runs.rename({ run: run.id, name });
  invalidateTopics(['runs']);
  // An address with the name before leads nowhere now.
  const { route } = router;
  if (route?.id !== run.name) return;
  if (route.screen === 'runs') navigate(routes.run(run.id), { replace: true });
  if (route.screen === 'model') navigate(routes.model(run.id), { replace: true });
}
export const noteRun = (run: Named, note: string) => attempt(() => client.runs.note({ run: run.id, note }));

export async function archiveRun(run: Named, archived: boolean): Promise<void> {
  if (!(await attempt(() => client.runs.archive({ run: run.id, archived })))) return;
  toasts.undo(archived ? `Archived ${run.name}.` : `${run.name} is back in the list.`, () => {
    void attempt(() => client.runs.archive({ run: run.id, archived: !archived }));
  });
}

/** Deletes runs; one notice takes them all back for as long as the host keeps them. */
export async function deleteRuns(runs: readonly Named[]): Promise<void> {
  const tokens: string[] = [];
  for (const run of runs) {
    const done = await attempt(async () =>
      tokens.push((await client.runs.delete({ run: run.id })).undoToken),
    );
    if (!done) break;
  }
  if (tokens.length === 0) return;
  const [first] = runs;
  const what = tokens.length === 1 && first ? first.name : `${formatCount(tokens.length)} runs`;
  toasts.undo(
    `Deleted ${what}.`,
    () => {
      for (const undoToken of tokens) void attempt(() => client.runs.undoDelete({ undoToken }));
    },
    25_000,
  );
}

/** An attack, or the clean pictures of a dataset. */
type MeasuredUnder = Pick<AttackView, 'variantId' | 'part'> | { dataset: string };

/** Measures CA and ASR of a model, or of a run's, as a job; null: under the first attack of its lineage. */
export const measureModel = (model: Named, under: MeasuredUnder | null = null) =>
  attempt(() =>
    client.models.evaluate({
      model: model.id,
      ...(under === null || 'dataset' in under ? under : { variant: under.variantId, part: under.part }),
    }),
  );

export const cloneRun = (run: Named): void => navigate(routes.newRun({ from: run.id }));
