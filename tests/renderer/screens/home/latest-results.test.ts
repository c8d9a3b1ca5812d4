import { expect, test } from 'vitest';
import { latestResults } from '../../../../renderer/screens/home/latest-results.ts';

const node = (
  id: string,
  scores: { ca: number; asr: number | null } | null,
  kind: 'run' | 'variant' = 'run',
) => ({
  id,
  kind,
  title: id,
  subtitle: '',
  role: 'poisoned' as const,
  scores: scores && { ...scores, trainingPictures: false, trainedOn: true },
});
const lineage = {
  nodes: [
    node('variant', null, 'variant'),
    node('poisoned', { ca: 0.4, asr: 0.96 }),
    node('cleaned', { ca: 0.37, asr: 0.07 }),
    node('unmeasured', null),
  ],
  edges: [
    { from: 'variant', to: 'poisoned' },
    { from: 'poisoned', to: 'cleaned' },
    { from: 'poisoned', to: 'unmeasured' },
  ],
  leftOut: { runs: 0, models: 0, variants: 0, datasets: 0 },
};

test('the newest measured models first, with the figures of the model that each started from', () => {
  const found = latestResults(lineage, ['unmeasured', 'cleaned', 'poisoned', 'older'], 4);
  expect(found.map(({ id }) => id)).toEqual(['cleaned', 'poisoned']);
  expect(found[0]).toMatchObject({ now: { asr: 0.07 }, before: { title: 'poisoned', asr: 0.96, ca: 0.4 } });
  // A variant is no model: what was trained on it started from none.
  expect(found[1]?.before).toBeNull();
  expect(latestResults(lineage, ['cleaned', 'poisoned'], 1)).toHaveLength(1);
});
