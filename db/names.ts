import { randomBytes } from 'node:crypto';
import { WorkbenchError } from '#contract/errors.ts';
import { listFirst } from '#core/list-first.ts';
import { type Database, prepare } from './statements.ts';

/** The tables whose rows a person names or refers to, with the words for one of them and its id's prefix. */
const named = {
  datasets: { word: 'dataset', prefix: 'ds_' },
  variants: { word: 'variant', prefix: 'va_' },
  runs: { word: 'run', prefix: 'run_' },
  models: { word: 'model', prefix: 'mod_' },
  evaluations: { word: 'evaluation', prefix: 'ev_' },
  triggers: { word: 'trigger', prefix: 'tr_' },
  detections: { word: 'detection', prefix: 'det_' },
  scans: { word: 'scan', prefix: 'scan_' },
  sweeps: { word: 'sweep', prefix: 'sw_' },
} as const;
export type NamedTable = keyof typeof named;

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';
const idForm = /^(ds|va|run|mod|ev|tr|det|scan|sw)_[a-z2-7]{12}$/;

/** A fresh id: the table's prefix and 12 characters of base32 (60 random bits). */
export function createId(table: NamedTable): string {
  const characters = Array.from(randomBytes(12), (byte) => base32[byte & 31]);
  return named[table].prefix + characters.join('');
}

/** The current time as ISO 8601 in UTC. */
export function now(): string {
  return new Date().toISOString();
}

/** Throws `bad-input` unless `name` can serve as a name: printable, 1 to 200 characters, not in the form of an id. */
export function checkName(table: NamedTable | 'views', name: string): void {
  const word = table === 'views' ? 'view' : named[table].word;
  if (name.trim() !== name || name.length === 0 || name.length > 200 || /\p{Cc}/u.test(name)) {
    throw new WorkbenchError(
      'bad-input',
      `${JSON.stringify(name)} cannot be the name of a ${word}: use 1 to 200 printable characters without spaces at the ends.`,
      { name },
    );
  }
  if (idForm.test(name)) {
    throw new WorkbenchError(
      'bad-input',
      `'${name}' looks like an id: choose another name for the ${word}.`,
      {
        name,
      },
    );
  }
}

/** Tables whose rows have names of their own. A run and its model are one name, so a model from a file has another. */
const namedTogether = {
  datasets: ['datasets'],
  variants: ['variants'],
  runs: ['runs', 'models'],
  models: ['runs', 'models'],
  sweeps: ['sweeps'],
} as const satisfies Partial<Record<NamedTable, readonly NamedTable[]>>;
export type NameTable = keyof typeof namedTogether;

function findTaken(db: Database, table: NameTable, name: string): { id: string; table: NamedTable } | null {
  for (const one of namedTogether[table]) {
    const row = prepare<{ id: string }>(db, `SELECT id FROM ${one} WHERE name = ?`).get(name);
    if (row !== undefined) return { id: row.id, table: one };
  }
  return null;
}

/** `wanted` where nothing has that name, else the first of `wanted-2`, `wanted-3`... that nothing has. */
export function freeNameIn(db: Database, table: NameTable, wanted: string): string {
  let name = wanted;
  for (let number = 2; findTaken(db, table, name) !== null; number += 1) name = `${wanted}-${number}`;
  return name;
}

/** Throws `conflict` where a row of `table`, or one that must not share its name, has this name already. */
export function refuseTakenName(db: Database, table: NameTable, name: string): void {
  checkName(table, name);
  const taken = findTaken(db, table, name);
  if (taken !== null) {
    const { word } = named[taken.table];
    throw new WorkbenchError(
      'conflict',
      `There is a ${word} named '${name}' already: choose another name, for example '${freeNameIn(db, table, name)}'.`,
      { name, id: taken.id },
    );
  }
}

/** The number that other tables refer to a row by. Throws `not-found` for an unknown id. */
export function numberOf(db: Database, table: NamedTable, id: string): number {
  const row = prepare<{ number: number }>(db, `SELECT number FROM ${table} WHERE id = ?`).get(id);
  if (row === undefined) throw missing(table, id, []);
  return row.number;
}

/** {@link numberOf} for a reference that may be empty. */
export function numberOrNull(db: Database, table: NamedTable, id: string | null): number | null {
  return id === null ? null : numberOf(db, table, id);
}

/** The `not-found` error for a name or id; `existing` are names of the newest rows, which the message lists. */
export function missing(
  table: NamedTable,
  nameOrId: string,
  existing: readonly { name: string }[],
): WorkbenchError {
  const { word } = named[table];
  const shown = existing.map((row) => `'${row.name}'`);
  const hint =
    shown.length === 0
      ? 'Check the spelling.'
      : `There ${shown.length === 1 ? 'is' : 'are'} ${listFirst(shown, 10)}.`;
  return new WorkbenchError('not-found', `There is no ${word} '${nameOrId}'. ${hint}`, {
    nameOrId,
    existing: existing.map((row) => row.name),
  });
}
