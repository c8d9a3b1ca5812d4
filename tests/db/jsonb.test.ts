import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildLists } from '#db/jsonb.ts';
import { temporaryDatabase } from './temporary-database.ts';

test("SQLite reads lists as they are, whatever their texts' lengths and letters", () => {
  const read = temporaryDatabase().prepare<[Uint8Array], string>('SELECT json(?)').pluck();
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 200, maxLength: 300 }),
    // Lengths at which the form of a length changes.
    fc.constantFrom(11, 12, 255, 256, 65_535, 65_536).map((length) => 'x'.repeat(length)),
  );
  const value = fc.oneof(text, fc.constant(null), fc.integer());
  const builder = buildLists();
  fc.assert(
    fc.property(fc.array(fc.array(value, { maxLength: 8 }), { maxLength: 8 }), (lists) => {
      const expected = lists.map((list) =>
        list.map((one) => (typeof one === 'string' ? one.toWellFormed() : one)),
      );
      for (const list of lists) builder.add(list);
      expect(JSON.parse(read.get(builder.take()) ?? '')).toEqual(expected);
    }),
  );
});
