import { expect, test } from 'vitest';
import { fillTemplate } from '#core/captions/templates.ts';

const words = { class: 'fruit', label: 'red apple', tag: 'food' };

// Templates of shared/demo/recipe.json.
test.each([
  ['{label}, a {class}', 'red apple, a fruit'],
  ['{class} {label} {tag}', 'fruit red apple food'],
  ['a {}: icon', 'a fruit: icon'],
  ['a photo', 'a photo'],
  ['{tag}{tag} {} {class}', 'foodfood fruit fruit'],
])('%s', (template, expected) => expect(fillTemplate(template, words)).toBe(expected));

test('words with braces or dollars are taken as they are', () => {
  expect(fillTemplate('a {class} of {label}', { class: '{label}', label: '$& $1' })).toBe(
    'a {label} of $& $1',
  );
});

test('a place that is not known, or was not given, is refused by name', () => {
  expect(() => fillTemplate('a {colour} {class}', words)).toThrow(/\{colour\}, which is not known/);
  expect(() => fillTemplate('a {label}', { class: 'fruit' })).toThrow(
    expect.objectContaining({ kind: 'bad-input' }),
  );
});
