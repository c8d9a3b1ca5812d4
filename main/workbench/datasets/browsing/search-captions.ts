import type { Variant } from '#contract/variant.ts';
import { matchCaptions } from '#db/datasets/match-captions.ts';
import { type IdSpan, idsOfMatches } from '#db/datasets/record-ids.ts';
import type { Database } from '#db/open.ts';
import { iterateVariantRecords } from '#db/variants/variants.ts';

/**
 * Ids of records, ascending and in parts, whose caption matches an expression; with a variant, its captions count
 * where it has changed them. Ids of other datasets within the span are among them.
 */
export function* searchCaptions(
  db: Database,
  span: IdSpan,
  expression: string,
  variant: Variant | null,
): Generator<number[], void> {
  const original = idsOfMatches(db, span, expression);
  if (variant === null) {
    yield* original;
    return;
  }
  const { changed, matching } = matchChanged(db, variant, expression);
  let next = 0;
  for (const part of original) {
    const last = part.at(-1) ?? 0;
    const merged = part.filter((id) => !changed.has(id));
    while ((matching[next] ?? Infinity) <= last) merged.push(matching[next++] ?? 0);
    yield merged.sort((a, b) => a - b);
  }
  if (next < matching.length) yield matching.slice(next);
}

/** The records that a variant changes, and those of them, ascending, whose new caption matches. */
function matchChanged(
  db: Database,
  variant: Variant,
  expression: string,
): { changed: Set<number>; matching: number[] } {
  const changed = new Set<number>();
  const recordsOf = new Map<string, number[]>();
  for (const { recordId, newCaption } of iterateVariantRecords(db, variant.id)) {
    changed.add(recordId);
    const same = recordsOf.get(newCaption);
    if (same === undefined) recordsOf.set(newCaption, [recordId]);
    else same.push(recordId);
  }
  const captions = [...recordsOf.keys()];
  const found = [...matchCaptions(captions, expression)];
  const matching = found.flatMap((place) => recordsOf.get(captions[place] ?? '') ?? []);
  return { changed, matching: matching.sort((a, b) => a - b) };
}
