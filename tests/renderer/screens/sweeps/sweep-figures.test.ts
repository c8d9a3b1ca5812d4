import { describe, expect, test } from 'vitest';
import { readChoices, toVary } from '../../../../renderer/screens/runs/new/vary.ts';
import {
  curveSettings,
  curvesOver,
  groupBySeed,
  parallelAxes,
  pathsOf,
  type SweepRunView,
} from '../../../../renderer/screens/sweeps/sweep-figures.ts';

const run = (place: number, varied: SweepRunView['varied'], asr: number | null): SweepRunView => ({
  place,
  runId: `run_${place}`,
  name: `s-${place + 1}`,
  state: asr === null ? 'planned' : 'done',
  varied,
  settings: {},
  ca: asr === null ? null : 0.5,
  asr,
  poisonedAccuracy: null,
  message: null,
});
const runs = [
  run(0, { lambda: 1, seed: 0 }, 0.1),
  run(1, { lambda: 1, seed: 1 }, 0.2),
  run(2, { lambda: 4, seed: 0 }, 0.05),
  run(3, { lambda: 4, seed: 1 }, null),
];

test('runs that differ in seeds are one group, with the interval by hand', () => {
  const [first, second] = groupBySeed({ runs });
  // Mean 15 %; s = 7.0711; 12.7062 x 7.0711 / sqrt(2) = 63.53: cut at 0.
  expect(first).toMatchObject({ words: 'lambda 1', asr: { mean: 15, low: 0, count: 2 } });
  expect(first?.asr?.high).toBeCloseTo(78.531, 3);
  expect(second?.asr).toEqual({ mean: 5, low: 5, high: 5, count: 1 });
});

test('curves go over one numeric setting, the others held', () => {
  const groups = groupBySeed({
    runs: [
      ...runs,
      run(4, { lambda: 1, method: 'par', seed: 0 }, 0.3),
      run(5, { lambda: 4, method: 'par', seed: 0 }, 0.2),
    ],
  });
  expect(curveSettings(groups)).toEqual(['lambda']);
  const curves = curvesOver(groups, 'lambda');
  expect(curves.map(({ words, points }) => [words, points.map(({ x }) => x)])).toEqual([
    ['', [1, 4]],
    ['method par', [1, 4]],
  ]);
});

test('a path follows one number, the others held; words alone have no order', () => {
  const cells = [60, 20].flatMap((poisons) => [8, 1, 4].map((lambda) => ({ poisons, lambda })));
  const groups = groupBySeed({ runs: cells.map((varied, place) => run(place, varied, 0.1)) });
  expect(pathsOf(groups).map(({ words, points }) => [words, points.map((point) => point.words)])).toEqual([
    ['poisons 60', ['lambda 1', 'lambda 4', 'lambda 8']],
    ['poisons 20', ['lambda 1', 'lambda 4', 'lambda 8']],
  ]);
  const methods = groupBySeed({
    runs: [run(0, { method: 'par' }, 0.1), run(1, { method: 'mmcl' }, 0.2), run(2, { method: 'abl' }, null)],
  });
  expect(pathsOf(methods).map(({ words, points }) => [words, points.map((point) => point.words)])).toEqual([
    ['', ['method par']],
    ['', ['method mmcl']],
  ]);
});

test('axes go from the least to the greatest; what is not measured has no place', () => {
  const axes = parallelAxes(runs);
  expect(axes.map(({ name }) => name)).toEqual(['lambda', 'seed', 'CA, %', 'ASR, %']);
  expect(axes[0]).toMatchObject({ low: '1', high: '4', places: [0, 0, 1, 1] });
  expect(axes[3]?.places[1]).toBe(1);
  expect(axes[3]?.places[2]).toBe(0);
  expect(axes[3]?.places[3]).toBeNull();
});

describe('values as a person writes them', () => {
  test.each([
    ['1, 4', [1, 4]],
    ['0..2', [0, 1, 2]],
    ['1e-5, 0.001', [1e-5, 0.001]],
    ['mmcl, cleanclip', ['mmcl', 'cleanclip']],
    ['true,false', [true, false]],
    ['2..1', []],
    [' , ', []],
  ])('%s', (text, values) => {
    expect(readChoices(text)).toEqual(values);
  });

  test('what has no value yet is left out', () => {
    expect(
      toVary([
        { name: 'lambda', text: '1' },
        { name: 'seed', text: '' },
      ]),
    ).toEqual({ lambda: [1] });
  });
});
