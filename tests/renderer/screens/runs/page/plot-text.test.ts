import { expect, test } from 'vitest';
import { plotText } from '../../../../../renderer/screens/runs/page/plot-text.ts';

test('names are cut to their length and never read as HTML', () => {
  expect(plotText('<b>a & b</b>')).toBe('&lt;b&gt;a &amp; b&lt;/b&gt;');
  expect(plotText('x'.repeat(40))).toBe(`${'x'.repeat(27)}…`);
  expect(plotText('abcdef', 3)).toBe('ab…');
});
