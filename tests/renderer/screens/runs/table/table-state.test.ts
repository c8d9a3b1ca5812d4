import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cellText,
  firstColumns,
  idsBetween,
  markOf,
  moveColumn,
  readColumns,
  type ShownColumn,
  widthOf,
  withWhatItNeeds,
  writeColumns,
} from '../../../../../renderer/screens/runs/table/table-state.ts';

const column = (name: string, pinned = false, width = widthOf(name)): ShownColumn => ({
  name,
  pinned,
  width,
});

describe('columns in the address', () => {
  test('what the table begins with is nothing', () => {
    expect(writeColumns(firstColumns)).toBeNull();
    expect(readColumns(null)).toEqual(firstColumns);
  });

  test('name, width and pin; pinned ones come first, each once', () => {
    expect(readColumns('asr,name:300!,trigger.size,asr')).toEqual([
      column('name', true, 300),
      column('asr'),
      column('trigger.size'),
    ]);
  });

  test('any choice is read as it was written', () => {
    const names = fc.uniqueArray(fc.constantFrom('name', 'asr', 'ca', 'lambda', 'trigger.size', 'note'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(
        names,
        fc.infiniteStream(fc.integer({ min: 50, max: 800 })),
        fc.nat(5),
        (chosen, widths, pins) => {
          const columns = chosen.map((name, index) => ({
            name,
            width: widths.next().value ?? 50,
            pinned: index < pins,
          }));
          expect(readColumns(writeColumns(columns))).toEqual(columns);
        },
      ),
    );
  });

  test('a column moves among those that are pinned alike', () => {
    const columns = [column('name', true), column('ca'), column('asr')];
    expect(moveColumn(columns, 'asr', -1).map(({ name }) => name)).toEqual(['name', 'asr', 'ca']);
    expect(moveColumn(columns, 'ca', -1)).toEqual(columns);
    expect(moveColumn(columns, 'asr', 1)).toEqual(columns);
  });
});

test('an ASR goes with whether the model was trained on the attack, and is marked where it was not', () => {
  expect(withWhatItNeeds(['name', 'asr', 'ca'])).toEqual(['name', 'asr', 'trainedOn', 'ca']);
  expect(withWhatItNeeds(['trainedOn', 'asr'])).toEqual(['trainedOn', 'asr']);
  expect(withWhatItNeeds(['ca'])).toEqual(['ca']);
  expect([markOf('asr', false), markOf('asr', true), markOf('asr', null), markOf('ca', false)]).toEqual([
    ' clean',
    '',
    '',
    '',
  ]);
});

test('Shift chooses from the last row to this one, either way', () => {
  const ids = ['a', 'b', 'c', 'd'];
  expect(idsBetween(ids, 'd', 'b')).toEqual(['b', 'c', 'd']);
  expect(idsBetween(ids, null, 'c')).toEqual(['c']);
  expect(idsBetween(ids, 'gone', 'c')).toEqual(['c']);
});

test('cells', () => {
  const text = (value: Parameters<typeof cellText>[0], unit: 'percent' | null = null, numeric = false) =>
    cellText(value, { name: 'x', unit, numeric }, String);
  expect([
    text(null),
    text(12.345, 'percent', true),
    text(4, null, true),
    text(true),
    text(['a', 'b']),
    text([]),
  ]).toEqual(['–', '12.3', '4', 'yes', 'a b', '–']);
});
