import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tryParseJson } from '#core/json/try-parse-json.ts';

test('gives back what was written, and null as null', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(tryParseJson(text)).toEqual(JSON.parse(text));
    }),
  );
  expect(tryParseJson('null')).toBeNull();
});

test('gives undefined for half a line, an empty one and words', () => {
  for (const text of ['{"index": 1, "co', '', 'Ray has begun', '{} {}'])
    expect(tryParseJson(text)).toBeUndefined();
});
