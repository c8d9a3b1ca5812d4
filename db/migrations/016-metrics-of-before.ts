import type { Migration } from './migration.ts';

/**
 * What older evaluations know of the metrics that became rows. Where no picture lies outside the target class nothing
 * is known of the attack: a share of 0 of 0 said that it had failed.
 */
export const metricsOfBefore: Migration = {
  version: 16,
  sql: `
INSERT INTO evaluation_metrics (evaluation, metric, hits, count)
  SELECT number, 'targetWithoutTrigger', clean_as_target_hits, clean_as_target_count
  FROM evaluations WHERE clean_as_target_count > 0;
UPDATE evaluations SET asr_hits = NULL, asr_count = NULL, implanted = NULL,
  clean_as_target_hits = NULL, clean_as_target_count = NULL WHERE asr_count = 0;
`,
};
