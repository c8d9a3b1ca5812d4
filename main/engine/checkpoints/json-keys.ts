/** Objects inside objects are looked at as deep as a header has any: the header itself, and its entries. */
const lookedAt = 2;

/**
 * The first key that a JSON object, or an object in it, holds twice, or null. `JSON.parse` keeps the last of them and
 * says nothing. The text must be valid JSON.
 */
export function findRepeatedKey(text: string): string | null {
  const seen: Set<string>[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '{' || sign === '[') {
      depth += 1;
      if (depth <= lookedAt) seen[depth] = new Set();
    } else if (sign === '}' || sign === ']') {
      depth -= 1;
    } else if (sign === '"') {
      const end = endOfString(text, at);
      const keys = seen[depth];
      if (depth <= lookedAt && keys !== undefined && isKey(text, end)) {
        const key: string = JSON.parse(text.slice(at, end));
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return null;
}

/** The place after the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Whether a colon follows. */
function isKey(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}
