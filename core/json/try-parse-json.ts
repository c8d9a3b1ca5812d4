/** The value of a JSON text; undefined where the text is no JSON, which JSON itself cannot hold. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
