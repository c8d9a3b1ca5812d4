import type { Variant } from '#contract/variant.ts';
import { whenWritable } from '#db/busy.ts';
import { keepPart } from '#db/captions/build-part.ts';
import { forgetPart, indexedFrom } from '#db/captions/caption-parts.ts';
import { matchCaptions } from '#db/captions/match-captions.ts';
import { allIds } from '#db/captions/search-parts.ts';
import { iterateVariantRecords } from '#db/variants/variants.ts';
import type { Workspace } from '../../workspace.ts';

/** Records of the first answer: for the page that somebody waits for. */
const firstIds = 512;

/**
 * Ids of a dataset's records (its number), ascending and in parts, whose caption matches an expression; with a variant,
 * its captions count where it has changed them. Captions that are not indexed yet are indexed when their turn comes.
 */
export async function* searchCaptions(
  workspace: Pick<Workspace, 'db' | 'captions'>,
  dataset: number,
  expression: string,
  variant: Variant | null,
): AsyncGenerator<Uint32Array, void> {
  const original = searchParts(workspace, dataset, expression);
  if (variant === null) {
    yield* original;
    return;
  }
  const { changed, matching } = matchChanged(workspace, variant, expression);
  let next = 0;
  for await (const part of original) {
    const last = part.at(-1) ?? 0;
    const from = next;
    while ((matching[next] ?? Infinity) <= last) next += 1;
    const kept = part.filter((id) => !changed.has(id));
    yield from === next ? kept : Uint32Array.from([...kept, ...matching.slice(from, next)]).sort();
  }
  yield Uint32Array.from(matching.slice(next));
}

async function* searchParts(
  { db, captions }: Pick<Workspace, 'db' | 'captions'>,
  dataset: number,
  expression: string,
): AsyncGenerator<Uint32Array, void> {
  let most = firstIds;
  let last = 0;
  for (let after = 0; ; ) {
    const { parts, gap } = indexedFrom(db, dataset, after);
    if (parts.length > 0) {
      const { ids, done, isMissing } = await captions.search(parts, expression, last, most);
      after = parts[done - 1]?.last ?? after;
      last = ids.at(-1) ?? last;
      if (isMissing) await whenWritable(db, () => forgetPart(db, parts[done]?.name ?? ''));
      if (ids.length === 0) continue;
      yield ids;
      most = allIds;
    } else if (gap === null) return;
    else {
      const part = await captions.build(dataset, gap);
      await whenWritable(db, () => keepPart(db, dataset, part));
    }
  }
}

/** The records that a variant changes, and those of them, ascending, whose new caption matches. */
function matchChanged(
  { db }: Pick<Workspace, 'db'>,
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
