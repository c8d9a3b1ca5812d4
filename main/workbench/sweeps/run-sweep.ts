import { WorkbenchError } from '#contract/errors.ts';
import type { Run } from '#contract/run.ts';
import type { Sweep } from '#contract/sweep.ts';
import { findRun } from '#db/runs/runs.ts';
import { inTransaction } from '#db/statements.ts';
import {
  findSweep,
  listSweepRuns,
  type SweepRun,
  setSweepRun,
  setSweepRunMessage,
  setSweepState,
} from '#db/sweeps/sweeps.ts';
import { explainError } from '#main/data/explain-error.ts';
import { measureWhenDone } from '../evaluations/measure-when-done.ts';
import { type Maker, planFile, storePlan } from '../run-files/make-chain.ts';
import { runAndMeasure } from '../runs/runs.ts';

/**
 * Makes the runs of a sweep that are not done yet, in their order, those that failed before last: poison, train, repair
 * and measure, where what several need is made once. It can end at any moment and be called again: what is done stays,
 * what was interrupted goes on from its checkpoint. A run that fails leaves the others alone.
 * @param changed told when a run of the sweep began or ended
 * @throws WorkbenchError `cancelled` where it was stopped: it is paused
 */
export async function runSweep(maker: Maker, sweepId: string, changed: () => void): Promise<Sweep> {
  const { db } = maker.workspace;
  const { reporter } = maker.context;
  const sweep = findSweep(db, sweepId);
  setSweepState(db, sweep.id, 'running');
  const runs = listSweepRuns(db, sweep.id);
  const failedBefore = (run: SweepRun) => run.message !== null || run.runState === 'failed';
  const order = [...runs.filter((run) => !failedBefore(run)), ...runs.filter(failedBefore)];
  let failed = 0;
  for (const [index, run] of order.entries()) {
    reporter.progress(`${sweep.name}: runs`, index, order.length);
    try {
      stopIfAsked(maker);
      await makeSweepRun(maker, sweep, run, changed);
    } catch (thrown) {
      const error = explainError(thrown, maker.workspace.folder);
      const { kind, message } = asWorkbenchError(error);
      if (kind === 'cancelled' || wasAsked(maker)) {
        setSweepState(db, sweep.id, 'paused');
        throw new WorkbenchError(
          'cancelled',
          `Sweep '${sweep.name}' is paused; go on with: ccw sweep run ${sweep.name}`,
          { sweepId: sweep.id },
        );
      }
      failed += 1;
      const reason = ownWords(maker, sweep, run.place, message);
      setSweepRunMessage(db, sweep.id, run.place, reason);
      reporter.say(`Run ${run.place + 1} of '${sweep.name}' failed: ${reason}`);
    }
    changed();
  }
  setSweepState(db, sweep.id, failed > 0 ? 'failed' : 'done');
  return findSweep(db, sweep.id);
}

/** Why a run ended without what the message adds to it: how to resume the run alone, which the sweep does. */
function ownWords({ workspace: { db } }: Maker, { id }: Sweep, place: number, message: string): string {
  const runId = listSweepRuns(db, id).find((one) => one.place === place)?.runId ?? null;
  const own = runId === null ? null : findRun(db, runId).message;
  return own !== null && message.startsWith(own) ? own : message;
}

async function makeSweepRun(
  maker: Maker,
  sweep: Sweep,
  planned: SweepRun,
  changed: () => void,
): Promise<void> {
  const { workspace, context } = maker;
  const { db } = workspace;
  const known = planned.runId === null ? null : findRun(db, planned.runId);
  if (known?.state === 'done') {
    await measureWhenDone(workspace, () => maker.engine(), known.id, context);
    setSweepRunMessage(db, sweep.id, planned.place, null);
    return;
  }
  const run = known ?? (await planSweepRun(maker, sweep, planned));
  changed();
  await runAndMeasure(workspace, await maker.engine(), { run, resume: known !== null }, context);
  setSweepRunMessage(db, sweep.id, planned.place, null);
}

/** Makes what comes before a run, and stores the run. */
async function planSweepRun(maker: Maker, sweep: Sweep, { place, file }: SweepRun): Promise<Run> {
  const plan = await planFile(maker, { ...file, name: `${sweep.name}-${place + 1}` });
  const { db } = maker.workspace;
  return inTransaction(db, () => {
    const run = storePlan(maker, plan, file);
    setSweepRun(db, sweep.id, place, run.id);
    return run;
  });
}

const wasAsked = ({ context: { interrupt } }: Maker) => interrupt.gentle.aborted || interrupt.hard.aborted;

function stopIfAsked(maker: Maker): void {
  if (wasAsked(maker)) throw new WorkbenchError('cancelled', 'Stopped as asked.');
}

const asWorkbenchError = (error: unknown): Pick<WorkbenchError, 'kind' | 'message'> =>
  error instanceof WorkbenchError
    ? error
    : { kind: 'internal', message: error instanceof Error ? error.message : String(error) };
