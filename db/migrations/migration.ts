/** One step of the schema. Once released it never changes: a later need is a later migration. */
export interface Migration {
  /** The schema's version once this has run; the list counts 1, 2, 3 without gaps. */
  version: number;
  sql: string;
}
