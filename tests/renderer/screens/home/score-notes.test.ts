import { expect, test } from 'vitest';
import { scoreNotes } from '../../../../renderer/screens/home/score-notes.ts';

const node = (
  id: string,
  scores: { ca: number; asr: number | null; trainingPictures?: boolean; trainedOn?: boolean | null } | null,
  subtitle = '',
) => ({
  id,
  kind: 'run' as const,
  title: id,
  subtitle,
  role: 'clean' as const,
  scores: scores && { trainingPictures: false, trainedOn: true, ...scores },
});

test('CA and ASR in %, with the change against the parent where both have a figure', () => {
  const notes = scoreNotes({
    nodes: [
      node('data', null, '6,972 records'),
      node('poisoned', { ca: 0.397, asr: 0.965 }),
      node('cleaned', { ca: 0.373, asr: 0.07 }),
      node('clean', { ca: 0.41, asr: 0.013, trainedOn: false }),
      node('plain', { ca: 0.4, asr: null, trainingPictures: true }),
    ],
    edges: [
      { from: 'data', to: 'poisoned' },
      { from: 'poisoned', to: 'cleaned' },
      { from: 'poisoned', to: 'plain' },
    ],
    leftOut: { runs: 0, models: 0, variants: 0, datasets: 0 },
  });
  expect(notes.get('data')).toBe('6,972 records');
  expect(notes.get('poisoned')).toBe('CA 39.7, ASR 96.5');
  expect(notes.get('cleaned')).toBe('CA 37.3 (−2.4), ASR 7.0 (−89.5)');
  expect(notes.get('clean')).toBe('CA 41.0, ASR 1.3, never trained on the attack');
  expect(notes.get('plain')).toBe('CA 40.0 (+0.3), of training pictures');
});
