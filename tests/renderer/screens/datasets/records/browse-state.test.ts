import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordStateSchema, splitSchema } from '#contract/dataset.ts';
import { toSearch } from '../../../../../renderer/routing/routes.ts';
import {
  atSize,
  isNarrowed,
  readBrowseState,
  toggleValue,
  writeQuery,
} from '../../../../../renderer/screens/datasets/records/browse-state.ts';

const words = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 4 });

test('any query comes back from its address, records without a class included', () => {
  fc.assert(
    fc.property(
      fc.record({
        text: fc.string({ maxLength: 100, unit: 'grapheme' }),
        splits: fc.subarray([...splitSchema.options]),
        labels: fc.uniqueArray(fc.option(fc.string({ minLength: 1, unit: 'grapheme' })), { maxLength: 4 }),
        states: fc.subarray([...recordStateSchema.options]),
        tags: words,
        poisonedIn: words,
        variant: fc.option(fc.string({ minLength: 1 })),
      }),
      fc.constantFrom(
        { sort: null, descending: false },
        { sort: 'caption' as const, descending: false },
        { sort: 'class' as const, descending: false },
        { sort: 'file' as const, descending: false },
        { sort: 'pixels' as const, descending: false },
        { sort: 'pixels' as const, descending: true },
      ),
      (parts, order) => {
        const search = new URLSearchParams(toSearch(writeQuery({ ...parts, ...order })));
        expect(readBrowseState(search, 'd1').query).toEqual({ dataset: 'd1', ...parts, ...order });
      },
    ),
  );
});

test('an address with nothing in it shows everything, as pictures, from the start', () => {
  const state = readBrowseState(new URLSearchParams(), 'd1');
  expect(state).toMatchObject({ view: 'grid', record: null, at: 0, resolution: 224, facetsHidden: false });
  expect(isNarrowed(state.query)).toBe(false);
});

test('what an address holds wrongly is as usual or the nearest that can be', () => {
  const state = readBrowseState(
    new URLSearchParams('split=nowhere&view=wall&size=9999&record=-4&at=1.5&resolution=7&as='),
    'd1',
  );
  expect(state.query.splits).toEqual([]);
  expect(state).toMatchObject({ view: 'grid', size: 256, at: 0, resolution: 224 });
});

test('looking at a dataset as a variant narrows nothing; each part of a query does', () => {
  const narrowed = (address: string) => isNarrowed(readBrowseState(new URLSearchParams(address), 'd1').query);
  expect(narrowed('as=v1')).toBe(false);
  expect(narrowed('q=%20')).toBe(false);
  for (const address of ['q=dog', 'split=train', 'label=', 'tag=bad', 'in=v1']) {
    expect(narrowed(address)).toBe(true);
  }
});

test('a second click takes a value off again', () => {
  expect(toggleValue(['a', null], null)).toEqual(['a']);
  expect(toggleValue(['a'], 'b')).toEqual(['a', 'b']);
});

test('only the size of an address changes', () => {
  expect(atSize('/media/p/7?size=96&of=ab', 192)).toBe('/media/p/7?size=192&of=ab');
  expect(atSize('/media/v/v1/7?size=96', 192)).toBe('/media/v/v1/7?size=192');
  expect(atSize('/media/p/7?of=ab', 192)).toBe('/media/p/7?of=ab');
});
