/** A name of letters, digits, dots and dashes, at most 80, that every file system takes; `otherwise` where none is left. */
export const plainFileName = (name: string, otherwise: string): string =>
  name.replaceAll(/[^A-Za-z0-9.-]+/g, '-').slice(0, 80) || otherwise;
