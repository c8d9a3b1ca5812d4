/** The first `most` of some names for a sentence, and whether there are more: "a, b, c and others". */
export function listFirst(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and others` : shown;
}
