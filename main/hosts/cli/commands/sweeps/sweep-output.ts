import type { SweepPreview, SweepView } from '#contract/api/sweeps.ts';
import type { Sweep } from '#contract/sweep.ts';
import { resultColumns } from '#core/run-table/columns.ts';
import { createRunRows } from '#main/workbench/runs/table/run-rows.ts';
import { viewSweep } from '#main/workbench/sweeps/sweep-view.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import type { Session } from '../../session.ts';
import { formatPercent, formatSeconds, formatTable } from '../../tables.ts';

/** A sweep as it is now. */
export function printSweep(session: Session, workspace: Workspace, sweep: Sweep): void {
  const view = viewSweep(workspace, sweep, createRunRows(workspace)());
  session.print(sweepJson(view), () => formatSweep(view));
}

/** What `sweep` commands give as JSON: shares in [0, 1], as everywhere in JSON. */
export function sweepJson({ sweepId, name, state, runs, best }: SweepView) {
  const mean = best !== null && resultColumns.has(best.column) ? best.mean / 100 : best?.mean;
  return { sweepId, name, state, runs, best: best === null ? null : { ...best, mean } };
}

function formatSweep({ name, sweepId, state, runs, best }: SweepView): string {
  const varied = [...new Set(runs.flatMap((run) => Object.keys(run.varied)))];
  const done = runs.filter((run) => run.state === 'done').length;
  const words = Object.entries(best?.varied ?? {}).map(([setting, value]) => `${setting} ${value}`);
  return [
    `Sweep '${name}' (${sweepId}) is ${state}: ${done} of ${runs.length} runs are done.`,
    formatTable(
      ['Run', 'State', ...varied, 'CA', 'ASR'],
      runs.map((run) => [
        run.name ?? `(${run.place + 1})`,
        run.state,
        ...varied.map((setting) => String(run.varied[setting] ?? '-')),
        formatPercent(run.ca),
        formatPercent(run.asr),
      ]),
    ),
    ...runs.flatMap(({ place, message }) => (message === null ? [] : [`Run ${place + 1}: ${message}`])),
    ...(best === null
      ? []
      : [
          `Best: ${words.join(', ') || 'all alike'}, mean ${best.column} ${best.mean.toFixed(1)} over ${best.runIds.length} runs.`,
        ]),
  ].join('\n');
}

/** What a sweep would make and cost, in words. */
export function formatPreview({ runs, before, variants, seconds, diskBytes, problem }: SweepPreview): string {
  if (problem !== null) return problem;
  const time = seconds === null ? 'an unknown time (nothing like it ran here yet)' : formatSeconds(seconds);
  return `${runs.length} runs, before them ${before} others and ${variants} variants that are not there yet; about ${time} of training and ${(diskBytes / 1e6).toFixed(0)} MB.`;
}
