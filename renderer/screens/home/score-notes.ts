import type { RunView } from '#contract/api/runs.ts';
import { formatPercent, formatPoints } from '../../format/numbers.ts';

const stateWords: Record<RunView['state'], string> = {
  queued: 'waiting',
  running: 'running',
  interrupted: 'paused',
  failed: 'failed',
  done: 'done, not measured yet',
};

/** What the lineage says of each run, by id: CA and ASR in %, with the change against the run that it started from. */
export function scoreNotes(runs: readonly RunView[]): Map<string, string> {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return new Map(
    runs.map((run) => {
      if (run.scores === null) return [run.id, stateWords[run.state]];
      const before = run.parent === null ? null : (byId.get(run.parent.runId)?.scores ?? null);
      const write = (
        name: string,
        now: { value: number } | null,
        then: { value: number } | null | undefined,
      ) =>
        now === null
          ? []
          : [
              `${name} ${formatPercent(now.value)}${then ? ` (${formatPoints(now.value - then.value)})` : ''}`,
            ];
      const { ca, asr } = run.scores;
      return [run.id, [...write('CA', ca, before?.ca), ...write('ASR', asr, before?.asr)].join(', ')];
    }),
  );
}
