import { fixText } from './fix-text.ts';
import { unescapeHtml } from './unescape-html.ts';

/** Printable ASCII without references, on which the repairs do nothing. */
const plainAscii = /^[\x20-\x25\x27-\x7e]*$/;

/**
 * What CLIP's tokenizer makes of a text before it looks for words: ftfy's repairs, HTML references resolved twice,
 * whitespace as single spaces with none at the ends, lower case.
 */
export function cleanText(text: string): string {
  const fixed = plainAscii.test(text) ? text : unescapeHtml(unescapeHtml(fixText(text)));
  return fixed
    .replace(/\p{White_Space}+/gu, ' ')
    .replace(/^ | $/g, '')
    .toLowerCase();
}
