/** What pandas' read_csv takes for a missing value unless it is told otherwise (its documentation, na_values). */
const missingWords = new Set([
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
]);

/**
 * Whether a field of a CSV file is no text for readers that use pandas, as the reference implementation and open_clip
 * do; quotes around it change nothing.
 */
export const isMissingForPandas = (field: string): boolean =>
  field.length <= longestWord && missingWords.has(field);

/** Most fields are longer, and need not be looked up. */
const longestWord = Math.max(...Array.from(missingWords, ({ length }) => length));
