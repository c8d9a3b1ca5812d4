import { firstTables } from './001-first-tables.ts';
import { browsing } from './002-browsing.ts';
import type { Migration } from './migration.ts';

/** Every migration, in order. */
export const allMigrations: readonly Migration[] = [firstTables, browsing];
