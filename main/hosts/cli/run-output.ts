import type { RunContext } from '#main/workbench/engine/job-context.ts';
import type { RunReport } from '#main/workbench/runs/run-execution.ts';
import { showRun } from '#main/workbench/runs/runs.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import type { Session } from './session.ts';
import { formatSeconds } from './tables.ts';

/** The context of a run, whose start and checkpoints are JSON lines of their own. */
export function runContext(session: Session): RunContext {
  return {
    ...session.context,
    started: (runId, enginePid) => session.event({ event: 'started', runId, enginePid }),
    checkpoint: (runId, step, epoch) => session.event({ event: 'checkpoint', runId, step, epoch }),
  };
}

/** Prints how a run ended. */
export function printRunReport(session: Session, workspace: Workspace, report: RunReport): void {
  session.print(report, () => {
    const { name } = showRun(workspace, report.runId);
    return [
      `Run '${name}' (${report.runId}) is done: model ${report.modelId}.`,
      `Loss ${report.finalLoss?.toFixed(4) ?? 'unknown'}, ${formatSeconds(report.seconds)} of training, weights ${report.weightsSha256}.`,
      `Measure it with: ccw evaluate --model ${name}`,
    ].join('\n');
  });
}
