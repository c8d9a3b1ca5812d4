/** Spreadsheets run a cell that begins so, or take it for a command; those that this file has guarded begin so too. */
const runs = /^'*[=+\-@\t\r]/;

/** What a spreadsheet reads as a number stays one. */
const isNumber = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?%?$/i;

/** The column of a table that says that some of its cells are guarded. */
export const guardedColumn = 'spreadsheet_safe';

/**
 * A text as a spreadsheet shows it and does not run it: one apostrophe before it, as OWASP's page on CSV injection has
 * it. {@link unguardCell} gives the same text back, whatever it was.
 */
export function guardCell(text: string): string {
  return runs.test(text) && !isNumber.test(text) ? `'${text}` : text;
}

/** The text that {@link guardCell} was given. */
export function unguardCell(cell: string): string {
  return cell.startsWith("'") && runs.test(cell) ? cell.slice(1) : cell;
}
