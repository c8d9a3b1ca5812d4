/** A name as a person enters it at a terminal: in quotes where it needs them. */
export function shellWord(name: string): string {
  return /^[\w.:/-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
