import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { schedulePart } from '#main/engine/parity/schedule.ts';
import { changeJson, createFigureCopies, referenceFolder } from './figures.ts';

const copies = createFigureCopies();
afterAll(() => copies.remove());

test('the three schedules of the reference hold', async () => {
  const checks = await schedulePart.check(referenceFolder);
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ['schedule/0', true],
    ['schedule/1', true],
    ['schedule/2', true],
  ]);
});

test('one rate changed by 1e-11 fails, by 1e-13 does not', async () => {
  const folder = copies.copy('schedule.json');
  const file = path.join(folder, 'schedule.json');
  const change = (by: number) =>
    changeJson<{ values: number[] }[]>(file, (cases) => {
      cases[1]!.values[4]! += by;
    });
  change(1e-13);
  expect((await schedulePart.check(folder)).every(({ ok }) => ok)).toBe(true);
  change(1e-11);
  expect((await schedulePart.check(folder)).filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
    'schedule/1',
  ]);
});

test('steps without values fail; no schedules and no file are errors', async () => {
  const folder = copies.copy('schedule.json');
  const file = path.join(folder, 'schedule.json');
  changeJson<{ values: number[] }[]>(file, (cases) => {
    cases[0]!.values.pop();
  });
  expect((await schedulePart.check(folder))[0]?.ok).toBe(false);
  writeFileSync(file, '[]');
  await expect(schedulePart.check(folder)).rejects.toMatchObject({ kind: 'corrupt-file' });
  rmSync(file);
  await expect(schedulePart.check(folder)).rejects.toMatchObject({ name: 'WorkbenchError' });
});
