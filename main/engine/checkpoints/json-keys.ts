/**
 * The first key that a JSON object holds twice at its top, or null. `JSON.parse` keeps the last of them and says
 * nothing. The text must be valid JSON.
 */
export function findRepeatedKey(text: string): string | null {
  const seen = new Set<string>();
  let depth = 0;
  // A string, whole, with what may follow a key; or a bracket.
  for (const [, quoted, colon, bracket] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|([{}[\]])/g)) {
    if (bracket !== undefined) depth += bracket === '{' || bracket === '[' ? 1 : -1;
    if (depth !== 1 || colon === undefined || quoted === undefined) continue;
    const key: string = JSON.parse(quoted);
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return null;
}
