import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Split } from '#contract/dataset.ts';
import { fillTemplate } from '#core/captions/templates.ts';
import { captionDigest } from '../importing/choose-template.ts';
import type { EmojiPair } from './emoji-pair.ts';
import { emojiRecipe } from './emoji-recipe.ts';

const pictureSchema = z.object({ image: z.string().regex(/^[0-9a-f-]+\.png$/) });

/** emoji.json of emoji-datasource-VENDOR: what the recipe needs of it. */
export const emojiTableSchema = z.array(
  pictureSchema.extend({
    name: z.string(),
    unified: z.string(),
    non_qualified: z.string().nullable(),
    category: z.string(),
    subcategory: z.string(),
    skin_variations: z.record(z.string(), pictureSchema).optional(),
  }),
);
export type EmojiTable = z.infer<typeof emojiTableSchema>;

/** en/data.json of emojibase-data: names and keywords by code points. */
export const wordTableSchema = z.array(
  z.object({ hexcode: z.string(), label: z.string(), tags: z.array(z.string()).optional() }),
);
export type WordTable = z.infer<typeof wordTableSchema>;

export const vendors = ['google', 'twitter'] as const;
export type Vendor = (typeof vendors)[number];

/**
 * The pairs of the dataset in the order of the vendors' tables, as the recipe says: every entry but components,
 * with each of its skin tones that is a single one; caption, class, split and name from the tables alone.
 */
export function listEmoji(tables: Record<Vendor, EmojiTable>, words: WordTable): EmojiPair[] {
  const wordsOf = new Map(words.map((entry) => [entry.hexcode, entry]));
  const found = vendors.flatMap((vendor) =>
    tables[vendor]
      .filter((entry) => entry.category !== 'Component')
      .flatMap((entry) => {
        const known = wordsOf.get(entry.unified) ?? wordsOf.get(entry.non_qualified ?? '');
        const subject = describe(entry.subcategory, known?.label ?? entry.name, known?.tags ?? []);
        const tones = Object.entries(entry.skin_variations ?? {}).filter(([tone]) => !tone.includes('-'));
        return [
          { key: `${vendor}/${entry.image}`, subject, hasTone: false },
          ...tones.map(([, { image }]) => ({ key: `${vendor}/${image}`, subject, hasTone: true })),
        ];
      }),
  );
  const testKeys = chooseTest(
    found.filter(({ subject, hasTone }) => subject.class !== null && !hasTone).map(({ key }) => key),
  );
  return found.map(({ key, subject }) => ({
    key,
    caption: writeCaption(key, subject),
    label: subject.class,
    name: subject.name,
    split: (testKeys.has(key) ? 'test' : 'train') satisfies Split,
  }));
}

/** What an emoji shows, in plain words. */
interface Subject {
  class: string | null;
  /** The class, or the subcategory in words where it makes none. */
  classWords: string;
  name: string;
  tags: string[];
}

function describe(subcategory: string, label: string, tags: readonly string[]): Subject {
  const classes: Partial<Record<string, string>> = emojiRecipe.classOfSubcategory;
  const itsClass = classes[subcategory] ?? null;
  return {
    class: itsClass,
    classWords: itsClass ?? toPlainWords(subcategory),
    name: toPlainWords(label),
    tags: tags.map(toPlainWords),
  };
}

function toPlainWords(text: string): string {
  return text.toLowerCase().replaceAll('-', ' ').replaceAll('&', 'and');
}

function writeCaption(key: string, { classWords, name, tags }: Subject): string {
  const digest = captionDigest(key);
  const templates = emojiRecipe.captionTemplates;
  const template = templates[digest[0]! % templates.length]!;
  const tag = tags.length === 0 ? classWords : tags[digest[1]! % tags.length]!;
  return fillTemplate(template, { class: classWords, label: name, tag });
}

function chooseTest(keys: readonly string[]): Set<string> {
  const byDigest = keys
    .map((key) => ({ key, digest: createHash('sha256').update(`split:${key}`).digest('hex') }))
    .sort((a, b) => (a.digest < b.digest ? -1 : 1));
  return new Set(byDigest.slice(0, emojiRecipe.testPictures).map(({ key }) => key));
}
