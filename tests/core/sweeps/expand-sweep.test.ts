import { describe, expect, test } from 'vitest';
import type { RunFile } from '#contract/run-file.ts';
import { sweepFileSchema } from '#contract/sweep.ts';
import { expandSweep } from '#core/sweeps/expand-sweep.ts';

const poisoning: RunFile = {
  data: { dataset: 'pairs' },
  attack: {
    resolution: 32,
    seed: 0,
    manifestSha256: 'a'.repeat(64),
    parts: [
      {
        trigger: {
          kind: 'patch',
          size: 4,
          pattern: ['10', '01'],
          place: { kind: 'corner', corner: 'top-left', margin: 0 },
        },
        target: 'dog',
        amount: { kind: 'count', count: 100 },
        strategy: 'templates',
        selection: {},
      },
    ],
  },
  method: 'mmcl',
  settings: { epochs: 5 },
};
const repair: RunFile = {
  data: { dataset: 'pairs' },
  start: { run: poisoning },
  method: 'cleanclip',
  settings: {},
};
const expand = (vary: Record<string, unknown>, run: RunFile = repair) =>
  expandSweep(sweepFileSchema.parse({ run, vary }));

describe('what varies', () => {
  test('a grid over settings and seeds, the last changing fastest', () => {
    const runs = expand({ lambda: [1, 2], seed: [0, 1, 2] });
    expect(runs.map(({ file }) => [file.settings?.lambda, file.seed])).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
      [2, 0],
      [2, 1],
      [2, 2],
    ]);
    expect(runs.map(({ file }) => file.start)).toEqual(Array(6).fill(repair.start));
  });

  test('the attack lies upstream: the poisoned model is another one, and what it gave before is forgotten', () => {
    const [fewer] = expand({ poisons: [50] });
    const attack = fewer?.file.start?.run?.attack;
    expect(attack?.parts[0]?.amount).toEqual({ kind: 'count', count: 50 });
    expect(attack?.manifestSha256).toBeUndefined();
    const [larger] = expand({ 'trigger.size': [8] });
    expect(larger?.file.start?.run?.attack?.parts[0]?.trigger).toMatchObject({ kind: 'patch', size: 8 });
    const [longer] = expand({ 'start.run.epochs': [9] });
    expect(longer?.file.start?.run?.settings).toEqual({ epochs: 9 });
  });

  test('a seed for the whole chain', () => {
    const [run] = expand({ chainSeed: [7] });
    expect([run?.file.seed, run?.file.start?.run?.seed, run?.file.start?.run?.attack?.seed]).toEqual([
      7, 7, 7,
    ]);
  });

  test('methods with the settings of one: the others come once', () => {
    const runs = expand({ method: ['mmcl', 'cleanclip'], lambda: [1, 4] });
    expect(runs.map(({ file }) => [file.method, file.settings])).toEqual([
      ['mmcl', {}],
      ['cleanclip', { lambda: 1 }],
      ['cleanclip', { lambda: 4 }],
    ]);
    expect(runs.map(({ varied }) => varied)).toEqual([
      { method: 'mmcl' },
      { method: 'cleanclip', lambda: 1 },
      { method: 'cleanclip', lambda: 4 },
    ]);
  });

  test('seeds of the file are varied', () => {
    expect(expand({}, { ...repair, seeds: [3, 4] }).map(({ file }) => file.seed)).toEqual([3, 4]);
  });
});

describe('what cannot be', () => {
  test.each([
    [{ lamda: [1] }, /vary lamda: no method has such a setting/],
    [{ lambda: [-1] }, /settings\.lambda/],
    [{ seed: [0.5] }, /vary seed: 0\.5 is no seed/],
    [{ method: ['prayer'] }, /vary method: there is no 'prayer': take one of .*cleanclip/],
    [{ 'start.run.start.run.epochs': [1] }, /does not start from another run/],
  ])('%j', (vary, message) => {
    expect(() => expand(vary)).toThrow(message);
  });

  test('an attack where there is none', () => {
    expect(() => expand({ poisons: [1] }, { ...repair, start: { model: 'm' } })).toThrow(
      /no run of the file has an attack/,
    );
  });
});
