import type { Migration } from './migration.ts';

/** The resolution that sizes and places of a kept trigger count in; those kept before were made at 224. */
export const triggerResolution: Migration = {
  version: 8,
  sql: 'ALTER TABLE triggers ADD COLUMN resolution INTEGER NOT NULL DEFAULT 224;',
};
