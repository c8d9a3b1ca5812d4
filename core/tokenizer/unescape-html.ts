import { decodeEntity } from 'html-entities';
import { windows1252 } from './windows-1252.ts';

const reference = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;
const shortestName = 2;

/**
 * Turns HTML's character references into characters as Python's html.unescape does (HTML 5, 13.2.5.72 on): the
 * semicolon may be missing where HTML 5 allows that, a longer word may begin with a name, codes 0x80 to 0x9f are read
 * as Windows-1252, and codes that stand for no character vanish.
 */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(reference, (_, body: string) =>
    body.startsWith('#') ? decodeNumber(body) : decodeName(body),
  );
}

/** The two names for which html-entities 2.6 still has HTML 4's characters. */
const corrections = new Map([
  ['lang;', '\u27e8'],
  ['rang;', '\u27e9'],
]);

/** What `&NAME` stands for (NAME with its semicolon where it has one), or null where HTML 5 knows no such name. */
export function findEntity(name: string): string | null {
  const corrected = corrections.get(name);
  if (corrected !== undefined) return corrected;
  const written = `&${name}`;
  const decoded = decodeEntity(written, { level: 'html5' });
  return decoded === written ? null : decoded;
}

function decodeNumber(body: string): string {
  const hexadecimal = body[1] === 'x' || body[1] === 'X';
  const code = hexadecimal ? Number.parseInt(body.slice(2), 16) : Number.parseInt(body.slice(1), 10);
  if (code >= 0x80 && code <= 0x9f) return windows1252(code);
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  return standsForNothing(code) ? '' : String.fromCodePoint(code);
}

/** Control characters but tab, line feed, form feed and carriage return, and Unicode's noncharacters. */
function standsForNothing(code: number): boolean {
  if (code < 0x20) return ![0x09, 0x0a, 0x0c, 0x0d].includes(code);
  return code === 0x7f || (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
}

function decodeName(body: string): string {
  const characters = [...body];
  for (let length = characters.length; length >= shortestName; length--) {
    const decoded = findEntity(characters.slice(0, length).join(''));
    if (decoded !== null) return decoded + characters.slice(length).join('');
  }
  return `&${body}`;
}
