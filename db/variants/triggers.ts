import { WorkbenchError } from '#contract/errors.ts';
import { type StoredTrigger, type Trigger, triggerSchema } from '#contract/trigger.ts';
import { type TriggerOrigin, triggerOriginSchema } from '#contract/trigger-origin.ts';
import { checkName, createId, missing, now } from '../names.ts';
import { type Database, inTransaction, prepare } from '../statements.ts';

interface TriggerRow {
  id: string;
  name: string;
  version: number;
  trigger: string;
  resolution: number;
  createdAt: string;
  origin: string | null;
}

/** A version without its parameters. */
export interface TriggerSummary extends Omit<StoredTrigger, 'trigger' | 'origin'> {
  kind: string;
}

const select = 'SELECT id, name, version, trigger, resolution, created_at AS createdAt, origin FROM triggers';

/**
 * Keeps a trigger under a name; where the name is taken this is its next version. The newest version saved again
 * without a change stays as it is. Throws `bad-input` where it is no name.
 * @param resolution pixels a side that sizes and places count in
 * @param origin what made it, where a run did
 */
export function saveTrigger(
  db: Database,
  name: string,
  trigger: Trigger,
  resolution = 224,
  origin: TriggerOrigin | null = null,
): StoredTrigger {
  checkName('triggers', name);
  return inTransaction(db, () => {
    const json = JSON.stringify(triggerSchema.parse(trigger));
    const newest = newestVersion(db, name);
    if (newest?.trigger === json && newest.resolution === resolution) return toStored(newest);
    const id = createId('triggers');
    insert(db, {
      id,
      name,
      version: (newest?.version ?? 0) + 1,
      trigger: json,
      resolution,
      createdAt: now(),
      origin: toJson(origin),
    });
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

/** {@link listTriggers} without parameters, which may hold pictures. */
export function listTriggerSummaries(db: Database): TriggerSummary[] {
  return prepare<TriggerSummary>(
    db,
    `SELECT id, name, version, json_extract(trigger, '$.kind') AS kind, resolution, created_at AS createdAt
     FROM triggers ORDER BY name, version DESC`,
  ).all();
}

/** Every version under a name, the newest first. Throws `not-found`. */
export function listVersions(db: Database, name: string): StoredTrigger[] {
  const rows = prepare<TriggerRow>(db, `${select} WHERE name = ? ORDER BY version DESC`).all(name);
  return rows.length > 0 ? rows.map(toStored) : [findTrigger(db, name)];
}

/** Gives all versions of a trigger another name. Throws `not-found`, `conflict` where it is taken, `bad-input`. */
export function renameTrigger(db: Database, name: string, to: string): void {
  inTransaction(db, () => {
    checkName('triggers', to);
    listVersions(db, name);
    if (name === to) return;
    if (newestVersion(db, to) !== undefined) {
      throw new WorkbenchError(
        'conflict',
        `There is a trigger named '${to}' already: choose another name, or save under this one to make its next version.`,
        { name: to },
      );
    }
    prepare(db, 'UPDATE triggers SET name = ? WHERE name = ?').run(to, name);
  });
}

/** Removes the version of this id, or all versions under this name. Throws `not-found`. @returns what was removed */
export function removeTriggers(db: Database, nameOrId: string): StoredTrigger[] {
  return inTransaction(db, () => {
    const found = findTrigger(db, nameOrId);
    const removed = found.id === nameOrId ? [found] : listVersions(db, nameOrId);
    for (const { id } of removed) prepare(db, 'DELETE FROM triggers WHERE id = ?').run(id);
    return removed;
  });
}

/**
 * Puts back what {@link removeTriggers} removed, under `name`; a version that was taken meanwhile becomes the next
 * one.
 */
export function restoreTriggers(db: Database, removed: readonly StoredTrigger[], name: string): void {
  inTransaction(db, () => {
    checkName('triggers', name);
    const taken = new Set(
      prepare<{ version: number }>(db, 'SELECT version FROM triggers WHERE name = ?')
        .all(name)
        .map(({ version }) => version),
    );
    for (const one of removed.toSorted((a, b) => a.version - b.version)) {
      const version = taken.has(one.version) ? Math.max(...taken) + 1 : one.version;
      taken.add(version);
      insert(db, {
        ...one,
        name,
        version,
        trigger: JSON.stringify(one.trigger),
        origin: toJson(one.origin),
      });
    }
  });
}

const toJson = (origin: TriggerOrigin | null) => (origin === null ? null : JSON.stringify(origin));

function insert(db: Database, row: TriggerRow): void {
  const { id, name, version, trigger, resolution, createdAt, origin } = row;
  prepare(
    db,
    'INSERT INTO triggers (id, name, version, trigger, resolution, created_at, origin) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ).run(id, name, version, trigger, resolution, createdAt, origin);
}

const newestVersion = (db: Database, name: string) =>
  prepare<TriggerRow>(db, `${select} WHERE name = ? ORDER BY version DESC LIMIT 1`).get(name);

function toStored(row: TriggerRow): StoredTrigger {
  const origin = row.origin === null ? null : triggerOriginSchema.parse(JSON.parse(row.origin));
  return { ...row, trigger: triggerSchema.parse(JSON.parse(row.trigger)), origin };
}
