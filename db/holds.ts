/** SQL of whether `text`, an expression, holds {@link textToHold}, in capitals or small letters. */
export const holds = (text: string): string => `(instr(lower(${text}), ?) > 0 OR instr(${text}, ?) > 0)`;

/** The parameters of {@link holds}. SQLite's lower() knows ASCII letters only: others are found as they are written. */
export const textToHold = (text: string): [string, string] => [text.toLowerCase(), text];
