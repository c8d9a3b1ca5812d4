import { type Database, inTransaction, prepare } from './statements.ts';

/** All settings that were ever saved, as parsed JSON: the caller checks them. */
export function readSettingValues(db: Database): Record<string, unknown> {
  const rows = prepare<{ name: string; value: string }>(db, 'SELECT name, value FROM settings').all();
  return Object.fromEntries(rows.map(({ name, value }): [string, unknown] => [name, JSON.parse(value)]));
}

export function saveSettingValues(db: Database, values: Readonly<Record<string, unknown>>): void {
  const save = prepare(db, 'INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  inTransaction(db, () => {
    for (const [name, value] of Object.entries(values)) save.run(name, JSON.stringify(value));
  });
}
