import type { Migration } from './migration.ts';

/** Which split an evaluation was measured on: a dataset can get other pictures later. */
export const measuredSplit: Migration = {
  version: 21,
  sql: `
-- 'all': training pictures among others; NULL: not known
ALTER TABLE evaluations ADD COLUMN test_split TEXT CHECK (test_split IN ('train', 'validation', 'test', 'all'));
UPDATE evaluations SET test_split = (SELECT CASE
    WHEN count(DISTINCT r.split) = 1 THEN min(r.split)
    WHEN max(r.split = 'train') = 1 THEN 'all'
    WHEN count(*) > 0 THEN 'test' END
  FROM predictions p JOIN records r ON r.id = p.record WHERE p.evaluation = evaluations.number);
`,
};
