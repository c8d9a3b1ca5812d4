import type { ImportNote } from '#contract/import.ts';
import { type ClassNames, looksLikeId, tidyName } from '#main/data/readers/class-names.ts';

const shown = 4;

/** What a person should know of the names of classes: prompts are made from them. */
export function classNotes(classes: readonly string[], { byId, inOrder, found }: ClassNames): ImportNote[] {
  const notes: ImportNote[] = [];
  const add = (kind: ImportNote['kind'], found: readonly string[], message: string) => {
    if (found.length > 0) notes.push({ kind, message, count: found.length });
  };
  const known = new Set([...byId.values(), ...inOrder]);
  const named = found === undefined ? [] : classes.filter((name) => known.has(name));
  add(
    'names-found',
    named,
    `${named.length} classes are named by ${found}, which lies beside the data${inOrder.length > 0 ? '; numbers count from 0' : ''}.`,
  );
  const ids = classes.filter(looksLikeId);
  add(
    'class-ids',
    ids,
    `${tell(ids)} look like ids, not words: prompts such as "a photo of a ${ids[0]}." mean nothing to a model. Give a file of ids and names (--names), or a list in the order of the numbers (--classes).`,
  );
  const untidy = classes.filter((name) => !looksLikeId(name) && tidyName(name) !== name);
  add(
    'class-untidy',
    untidy,
    `${tell(untidy)} have numbers or underscores: --tidy-classes makes "${tidyName(untidy[0] ?? '')}" of the first.`,
  );
  const all = new Set(classes);
  const missing = classes.filter((name) => /^(nan|none|null|n\/?a|<na>)$/i.test(name.trim()));
  add(
    'class-missing',
    missing,
    `${tell(missing)} may stand for a missing class, but is read as a class: leave the field empty where there is none.`,
  );
  const several = classes.filter((name) => seemsSeveral(name, all));
  add(
    'class-several',
    several,
    `${tell(several)} look like several classes in one field: each such combination is a class of its own. A pair has one class: write one in each row.`,
  );
  const alike = groupsBy(classes, (name) =>
    name
      .normalize('NFKC')
      // Upper case first: that of ß is SS.
      .toUpperCase()
      .toLowerCase()
      .replaceAll(/[\s_]+/g, ' ')
      .trim(),
  );
  add(
    'class-alike',
    alike.flat(),
    `${alike.map(tell).join('; ')} differ only in case or spelling, and are classes of their own.`,
  );
  const names =
    [...byId.keys()].length > 0
      ? [...byId.entries()]
      : inOrder.map((name, at) => [String(at), name] as const);
  const present = new Set(classes);
  const doubles = groupsBy(
    names.filter(([, name]) => present.has(name)).map(([id]) => id),
    // A number and an id of one class, as Keras's file has them, are no two.
    (id) => `${/^\d+$/.test(id)} ${byId.get(id) ?? inOrder[Number(id)] ?? id}`,
  );
  add(
    'class-name-twice',
    doubles.flat(),
    `Several ids have one name, so they are one class: ${doubles
      .slice(0, shown)
      .map((group) => `${byId.get(group[0] ?? '') ?? inOrder[Number(group[0])]} (${group.join(', ')})`)
      .join('; ')}.`,
  );
  return notes;
}

/** Classes in one field: `Effusion|Mass`; with commas, which names have too, where a part is a class by itself. */
function seemsSeveral(name: string, classes: ReadonlySet<string>): boolean {
  if (/[^|;]+[|;][^|;]+/.test(name)) return true;
  const parts = name.split(',').map((part) => part.trim());
  return parts.length > 1 && parts.some((part) => classes.has(part));
}

function groupsBy(items: readonly string[], keyOf: (item: string) => string): string[][] {
  const groups = new Map<string, string[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function tell(names: readonly string[]): string {
  const first = names
    .slice(0, shown)
    .map((name) => `'${name}'`)
    .join(', ');
  return names.length > shown ? `${first} and ${names.length - shown} more classes` : first;
}
