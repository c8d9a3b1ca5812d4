import { z } from 'zod';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import { designSchema } from './design.ts';

const draftSchema = z.object({
  design: designSchema,
  /** The kept version that it began from, and what that held, to tell whether anything changed since. */
  kept: z
    .object({ id: z.string(), name: z.string(), version: z.number().int(), text: z.string() })
    .nullable(),
});
/** What is being designed, and where it comes from. */
export type Draft = z.infer<typeof draftSchema>;

const key = 'ccw.trigger-draft';

/** The draft of this tab; null where there is none that can be read. */
export function readDraft(storage: Pick<Storage, 'getItem'>): Draft | null {
  const text = storage.getItem(key);
  if (text === null) return null;
  const parsed = draftSchema.safeParse(tryParseJson(text));
  return parsed.success ? parsed.data : null;
}

/** Keeps the draft for a reload. @returns false where it is too large for the browser's store */
export function writeDraft(storage: Pick<Storage, 'setItem'>, draft: Draft): boolean {
  try {
    storage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}
