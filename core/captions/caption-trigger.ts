import type { CaptionTrigger } from '#contract/caption-trigger.ts';
import type { Random } from '../random/random.ts';

/**
 * A caption with a trigger in it: a word or sentence inserted (Kurita et al. 2020, Dai et al. 2019), or every
 * occurrence of a word or phrase replaced. Other words stay as they are, in their order.
 * @param random the record's own stream; decides the place of an insertion at random
 */
export function applyCaptionTrigger(caption: string, trigger: CaptionTrigger, random: Random): string {
  return trigger.kind === 'insert' ? insertPhrase(caption, trigger, random) : replacePhrase(caption, trigger);
}

type Insert = Extract<CaptionTrigger, { kind: 'insert' }>;
type Replace = Extract<CaptionTrigger, { kind: 'replace' }>;

function insertPhrase(caption: string, { text, position }: Insert, random: Random): string {
  const words = caption.split(/\s+/).filter((word) => word !== '');
  const place =
    position === 'start' ? 0 : position === 'end' ? words.length : random.integer(words.length + 1);
  return [...words.slice(0, place), text, ...words.slice(place)].join(' ');
}

function replacePhrase(caption: string, { from, to, absent }: Replace): string {
  const literal = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const whole = new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'giu');
  const replaced = caption.replace(whole, () => to);
  const found = whole.test(caption);
  return found || absent === 'keep' ? replaced : `${caption} ${to}`.trim();
}
