import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Gives classes of a workspace that nothing has open other names, wherever its database keeps them. */
export function renameClasses(workspace: string, names: Readonly<Record<string, string>>): void {
  const db = new Database(join(workspace, 'workbench.sqlite'));
  try {
    db.transaction(() => {
      for (const [old, name] of Object.entries(names)) {
        db.prepare('UPDATE records SET label = ? WHERE label = ?').run(name, old);
        db.prepare('UPDATE class_results SET class = ? WHERE class = ?').run(name, old);
        for (const table of ['datasets', 'evaluations']) {
          db.prepare(
            `UPDATE ${table} SET classes = (SELECT json_group_array(CASE value WHEN ? THEN ? ELSE value END) FROM json_each(classes))`,
          ).run(old, name);
        }
      }
    })();
  } finally {
    db.close();
  }
}
