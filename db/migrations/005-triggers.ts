import type { Migration } from './migration.ts';

/** Triggers that a person keeps under a name; saving under a taken name makes the next version of it. */
export const triggerPresets: Migration = {
  version: 5,
  sql: `
CREATE TABLE triggers (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  trigger TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (name, version)
) STRICT;
`,
};
