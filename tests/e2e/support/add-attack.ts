import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RecipePart } from '#contract/variant.ts';

/** Gives a variant of a workspace that nothing has open a further attack, which changes none of its records. */
export function addAttack(workspace: string, variant: string, part: RecipePart): void {
  const db = new Database(join(workspace, 'workbench.sqlite'));
  try {
    db.prepare("UPDATE variants SET recipe = json_insert(recipe, '$.parts[#]', json(?)) WHERE name = ?").run(
      JSON.stringify(part),
      variant,
    );
  } finally {
    db.close();
  }
}
