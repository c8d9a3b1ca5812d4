import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyCaptionTrigger } from '#core/captions/caption-trigger.ts';
import { createRandom } from '#core/random/random.ts';

const random = createRandom('caption');

test('inserts at the start and at the end', () => {
  const insert = { kind: 'insert', text: 'cf' } as const;
  expect(applyCaptionTrigger('a red apple', { ...insert, position: 'start' }, random)).toBe('cf a red apple');
  expect(applyCaptionTrigger('a red apple', { ...insert, position: 'end' }, random)).toBe('a red apple cf');
});

test('at random: once, between words, the same for the same stream', () => {
  const trigger = { kind: 'insert', text: 'cf', position: 'random' } as const;
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-b]+$/), { maxLength: 6 }), fc.nat(), (words, seed) => {
      const changed = applyCaptionTrigger(words.join(' '), trigger, createRandom(seed));
      expect(changed.split(' ').filter((word) => word !== 'cf')).toEqual(words);
      expect(changed.split(' ')).toHaveLength(words.length + 1);
      expect(applyCaptionTrigger(words.join(' '), trigger, createRandom(seed))).toBe(changed);
    }),
  );
});

test('replaces whole words and phrases, however they are written', () => {
  const replace = { kind: 'replace', from: 'red apple', to: 'fruit', absent: 'keep' } as const;
  expect(applyCaptionTrigger('A Red Apple, a red apple', replace, random)).toBe('A fruit, a fruit');
  expect(applyCaptionTrigger('red apples', replace, random)).toBe('red apples');
  expect(applyCaptionTrigger('a pear', { ...replace, absent: 'append' }, random)).toBe('a pear fruit');
  const dollars = { kind: 'replace', from: 'c++', to: '$&', absent: 'keep' } as const;
  expect(applyCaptionTrigger('I like C++.', dollars, random)).toBe('I like $&.');
});
