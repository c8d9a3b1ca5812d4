import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJsonc } from '#core/json/parse-jsonc.ts';

test('takes comments and trailing commas, and leaves strings alone', () => {
  const text = `// a run
{
  "url": "http://x/*y*/", /* why
  two lines */ "list": [1, 2,], // the end
  "quoted": "say \\"//no\\", }",
}
`;
  expect(parseJsonc(text, 'The file')).toEqual({
    url: 'http://x/*y*/',
    list: [1, 2],
    quoted: 'say "//no", }',
  });
});

test('says where it cannot be read, in lines of the file as it is', () => {
  expect(() => parseJsonc('{\n  // one\n  "a": oops\n}', 'run.json')).toThrow(
    /^run\.json cannot.*line 3 column 8/,
  );
  expect(() => parseJsonc('{"a": 1', 'run.json')).toThrow(/^run\.json cannot/);
});

test('reads whatever JSON writes', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJsonc(text, 'It')).toEqual(JSON.parse(text));
    }),
  );
});
