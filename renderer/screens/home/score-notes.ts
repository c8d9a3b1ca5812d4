import type { Lineage } from '#contract/api/workspace.ts';
import { formatPercent, formatPoints } from '../../format/numbers.ts';

/** What the lineage says below each name, by id: CA and ASR in %, with the change against what the run started from. */
export function scoreNotes({ nodes, edges }: Lineage): Map<string, string> {
  const scoresOf = new Map(nodes.map(({ id, scores }) => [id, scores]));
  const parentOf = new Map(edges.map(({ from, to }) => [to, from]));
  return new Map(
    nodes.map(({ id, subtitle, scores }) => {
      if (scores === null) return [id, subtitle];
      const before = scoresOf.get(parentOf.get(id) ?? '');
      const write = (name: string, now: number | null, then: number | null | undefined) =>
        now === null
          ? []
          : [
              `${name} ${formatPercent(now)}${typeof then === 'number' ? ` (${formatPoints(now - then)})` : ''}`,
            ];
      return [
        id,
        [
          ...write('CA', scores.ca, before?.ca),
          ...write('ASR', scores.asr, before?.asr),
          ...(scores.asr !== null && scores.trainedOn === false ? ['never trained on the attack'] : []),
          ...(scores.trainingPictures ? ['of training pictures'] : []),
        ].join(', '),
      ];
    }),
  );
}
