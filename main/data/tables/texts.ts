import { tryParseJson } from '#core/json/try-parse-json.ts';

/** The lines of a text that have something, trimmed. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** An object; null for every other value, lists among them. */
export function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

const listItem = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*,?/sy;

/**
 * The texts of a cell that is a list, as JSON, Python and NumPy print them (`["a", "b"]`, `['a', "b's"]`, `['a' 'b']`);
 * null where it is no such list.
 */
export function listInCell(text: string): string[] | null {
  const inner = /^\s*[[(]\s*(["'].*["'])\s*,?\s*[\])]\s*$/s.exec(text)?.[1];
  if (inner === undefined) return null;
  const json = tryParseJson(text);
  if (Array.isArray(json)) return json.every((one) => typeof one === 'string') ? json : null;
  const found: string[] = [];
  listItem.lastIndex = 0;
  while (listItem.lastIndex < inner.length) {
    const match = listItem.exec(inner);
    if (match === null) return null;
    found.push((match[1] ?? match[2] ?? '').replaceAll(/\\(.)/gs, (_, one) => (one === 'n' ? '\n' : one)));
  }
  return found;
}
