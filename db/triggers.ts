import { type StoredTrigger, type Trigger, triggerSchema } from '#contract/trigger.ts';
import { checkName, createId, missing, now } from './names.ts';
import { type Database, inTransaction, prepare } from './statements.ts';

interface TriggerRow {
  id: string;
  name: string;
  version: number;
  trigger: string;
  createdAt: string;
}

const select = 'SELECT id, name, version, trigger, created_at AS createdAt FROM triggers';

/**
 * Keeps a trigger under a name; where the name is taken this is its next version. The newest version saved again
 * without a change stays as it is. Throws `bad-input` where it is no name.
 */
export function saveTrigger(db: Database, name: string, trigger: Trigger): StoredTrigger {
  checkName('triggers', name);
  return inTransaction(db, () => {
    const json = JSON.stringify(triggerSchema.parse(trigger));
    const newest = newestVersion(db, name);
    if (newest?.trigger === json) return toStored(newest);
    const id = createId('triggers');
    prepare(db, 'INSERT INTO triggers (id, name, version, trigger, created_at) VALUES (?, ?, ?, ?, ?)').run(
      id,
      name,
      (newest?.version ?? 0) + 1,
      json,
      now(),
    );
    return findTrigger(db, id);
  });
}

/** The trigger of this id, or the newest version under this name. Throws `not-found`. */
export function findTrigger(db: Database, nameOrId: string): StoredTrigger {
  const row = prepare<TriggerRow>(db, `${select} WHERE id = ?`).get(nameOrId) ?? newestVersion(db, nameOrId);
  if (row !== undefined) return toStored(row);
  const existing = prepare<{ name: string }>(
    db,
    'SELECT name FROM triggers GROUP BY name ORDER BY max(number) DESC LIMIT 11',
  ).all();
  throw missing('triggers', nameOrId, existing);
}

/** Every version of every trigger, by name, the newest first. */
export function listTriggers(db: Database): StoredTrigger[] {
  return prepare<TriggerRow>(db, `${select} ORDER BY name, version DESC`).all().map(toStored);
}

const newestVersion = (db: Database, name: string) =>
  prepare<TriggerRow>(db, `${select} WHERE name = ? ORDER BY version DESC LIMIT 1`).get(name);

function toStored(row: TriggerRow): StoredTrigger {
  return { ...row, trigger: triggerSchema.parse(JSON.parse(row.trigger)) };
}
