import type { RunContext } from '#main/workbench/engine/job-context.ts';
import { type MeasuredReport, showRun } from '#main/workbench/runs/runs.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import type { Session } from './session.ts';
import { formatSeconds, formatShare } from './tables.ts';

/** The context of a run, whose start and checkpoints are JSON lines of their own. */
export function runContext(session: Session): RunContext {
  return {
    ...session.context,
    started: (runId, enginePid) => session.event({ event: 'started', runId, enginePid }),
    checkpoint: (runId, step, epoch) => session.event({ event: 'checkpoint', runId, step, epoch }),
  };
}

/** Prints how a run ended; what was measured of it comes before, in JSON as lines of their own. */
export function printRunReport(
  session: Session,
  workspace: Workspace,
  { evaluations, ...report }: MeasuredReport,
): void {
  for (const { variantId, part, result } of evaluations) {
    const attack = variantId === null ? null : part + 1;
    const { ca, asr } = result;
    const { runId } = report;
    session.event({ event: 'measured', runId, attack, ca: ca.value, asr: asr?.value ?? null });
  }
  session.print(report, () => {
    const { name } = showRun(workspace, report.runId);
    return [
      `Run '${name}' (${report.runId}) is done: model ${report.modelId}.`,
      `Loss ${report.finalLoss?.toFixed(4) ?? 'unknown'}, ${formatSeconds(report.seconds)} of training, weights ${report.weightsSha256}.`,
      ...evaluations.map(({ part, result: { ca, asr } }) =>
        [
          evaluations.length > 1 ? `Attack ${part + 1}: ` : '',
          `CA ${formatShare(ca)}`,
          asr === null ? '' : `, ASR ${formatShare(asr)}`,
        ].join(''),
      ),
      evaluations.length > 0
        ? `Per class: ccw evaluate --model ${name}`
        : `Measure it with: ccw evaluate --model ${name}`,
    ].join('\n');
  });
}
