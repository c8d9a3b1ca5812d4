import { describe, expect, test } from 'vitest';
import { cleanText } from '#core/tokenizer/clean-text.ts';
import { fixText } from '#core/tokenizer/fix-text.ts';
import { unescapeHtml } from '#core/tokenizer/unescape-html.ts';

describe('what ftfy 6.3.1 makes of these (its documentation, and run by hand)', () => {
  test.each([
    ['Broken text&hellip; it&#x2019;s ﬂubberiﬁc!', "Broken text… it's flubberific!"],
    ['ＬＯＵＤ　ＮＯＩＳＥＳ', 'LOUD NOISES'],
    ['P&EACUTE;REZ &nTILDE;', 'PÉREZ &nTILDE;'],
    ['<b>&eacute;', '<b>&eacute;'],
    ['a\u2028b\r\nc\rd', 'a\nb\nc\nd'],
    ['\u001b[36;44mhello\u001b[0m\u0007', 'hello'],
    ['‘one’ “two”', '\'one\' "two"'],
    ['\u0085 x\u0093y\u0094', '… x"y"'],
    ['e\u0301 ǆ ﬁ ĳ', 'é dž fi ij'],
    ['&lt;&eacute;', '<é'],
    ['&eacute;\n<&eacute;\n&eacute;', 'é\n<&eacute;\n&eacute;'],
    ['', ''],
  ])('%j', (text, expected) => expect(fixText(text)).toBe(expected));

  test('half a surrogate pair becomes the replacement character', () => {
    expect(fixText('a\ud83d')).toBe('a\ufffd');
    expect(fixText('a\ud83d\ude00')).toBe('a😀');
  });
});

describe("what Python's html.unescape makes of these", () => {
  test.each([
    ['&amp &ampx &notit; &not;', '& &x ¬it; ¬'],
    ['&#150; &#0; &#1; &#xD800; &#x110000; &#x1F600;', '– \ufffd  \ufffd \ufffd 😀'],
    ['&; & &#; &lang;', '&; & &#; ⟨'],
    ['&amp;amp;', '&amp;'],
    ['&constructor &toString;', '&constructor &toString;'],
  ])('%j', (text, expected) => expect(unescapeHtml(text)).toBe(expected));
});

test('references are resolved twice, spaces collapse, letters become small', () => {
  expect(cleanText('  A&amp;amp;B \n\u00a0 &LT;C  ')).toBe('a&b <c');
});
