import { createHash } from 'node:crypto';
import type { Recipe, VariantRecord } from '#contract/variant.ts';
import { toManifestRecipe } from '#contract/variant-folder.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

/**
 * JSON with one spelling per value: members sorted by code unit, those that are undefined left out, no spaces,
 * numbers and strings as JSON.stringify writes them (the rules of RFC 8785).
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, member]) =>
      member === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(member)}`],
    );
  return `{${members.join(',')}}`;
}

/** {@link canonicalJson} of what JSON keeps of a value. */
export const canonical = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)));

/** What of a changed record a manifest's hash is made of; `part` 0 is the first, and left out of it. */
export type ManifestRecord = Omit<VariantRecord, 'recordId' | 'part'> & { part?: number };

/**
 * Hash of what a variant is: SHA-256 (hex) over the canonical JSON of its recipe (toManifestRecipe) and of each changed record's
 * key, old and new caption, rendered picture and part, one line each, records by key. Ids, times, names and program
 * versions are left out, so the same recipe on the same data gives the same hash on every machine.
 */
export function hashManifest(recipe: Recipe, changed: readonly ManifestRecord[]): string {
  const hash = createHash('sha256');
  hash.update(`${canonicalJson(toManifestRecipe(recipe))}\n`);
  const byKey = [...changed].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  for (const { key, oldCaption, newCaption, renderedSha256, part = 0 } of byKey) {
    const later = part === 0 ? {} : { part };
    hash.update(`${canonicalJson({ key, oldCaption, newCaption, renderedSha256, ...later })}\n`);
  }
  return hash.digest('hex');
}
