/** A quoted phrase (the closing quote may be missing), or what stands between spaces. */
const parts = /"([^"]*)("|$)|[^\s"]+/gu;

/** What the index takes as part of a word: see index-file.ts. */
const searchable = /[\p{L}\p{N}\p{Co}\p{So}]/u;

/**
 * What a person types, as an FTS5 expression: every word must begin a word of the caption, and what stands in
 * quotes must occur as it is, words side by side. Case and accents do not matter; other characters separate words.
 * Everything goes into the expression as quoted strings, so nothing that is typed can be a syntax error.
 *
 * @returns null where nothing could be searched for: then every caption is right.
 */
export function toMatchExpression(text: string): string | null {
  const terms: string[] = [];
  for (const [part, phrase, closing] of text.replaceAll('\0', ' ').matchAll(parts)) {
    const words = phrase ?? part;
    if (!searchable.test(words)) continue;
    // A phrase that is not closed is still being typed: its last word may be a beginning.
    terms.push(closing === '"' ? `"${words}"` : `"${words}"*`);
  }
  return terms.length === 0 ? null : terms.join(' ');
}
