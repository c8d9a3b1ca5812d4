import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeLatex } from '#main/workbench/comparisons/latex-text.ts';

test("LaTeX's special characters become their names", () => {
  expect(escapeLatex('50% of A&B_c #1 {x} $5 ^~\\')).toBe(
    '50\\% of A\\&B\\_c \\#1 \\{x\\} \\$5 \\textasciicircum{}\\textasciitilde{}\\textbackslash{}',
  );
  expect(escapeLatex('\\input{/etc/passwd}')).toBe('\\textbackslash{}input\\{/etc/passwd\\}');
});

test('what would be an argument after the end of a row is not', () => {
  expect(escapeLatex('[2em] *')).toBe('{[}2em{]} {*}');
});

test('line ends and characters that turn the writing become spaces; letters of all scripts stay', () => {
  expect(escapeLatex('a\n\r\tb\u202Ec\u2066d')).toBe('a b c d');
  expect(escapeLatex('Früchte 果物')).toBe('Früchte 果物');
});

test('whatever the text, braces are balanced and only known commands remain', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const escaped = escapeLatex(text);
      const bare = escaped
        .replaceAll(/\\[{}$&#_%]/g, '')
        .replaceAll(
          /\\text(backslash|asciicircum|asciitilde|less|greater|bar|quotedbl|quotesingle|asciigrave)\{\}/g,
          '',
        )
        .replaceAll(/\{[[\]*]\}/g, '');
      expect(bare).not.toMatch(/[\\{}$&#_%^~<>|"'`[\]*]/);
    }),
  );
});
