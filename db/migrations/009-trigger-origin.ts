import type { Migration } from './migration.ts';

/** What made a trigger, as JSON, where a run did; null for one that a person made. */
export const triggerOrigin: Migration = {
  version: 9,
  sql: 'ALTER TABLE triggers ADD COLUMN origin TEXT;',
};
