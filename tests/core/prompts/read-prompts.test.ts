import { expect, test } from 'vitest';
import { classSetSizes } from '#core/prompts/class-set-names.ts';
import { classSets } from '#core/prompts/class-sets.ts';
import { promptSets } from '#core/prompts/prompt-sets.ts';
import { readPromptText, toPrompts } from '#core/prompts/read-prompts.ts';

test('prompts are lines; empty ones are left out', () => {
  expect(readPromptText(' a photo of a {} \r\n\n{}\n')).toEqual(['a photo of a {}', '{}']);
  // A line may begin with a placeholder.
  expect(readPromptText('{} on a table\n')).toEqual(['{} on a table']);
});

test('prompts are a JSON list, or templates in an object as the published sets have them', () => {
  expect(readPromptText('["a {}", " the {}. "]')).toEqual(['a {}', 'the {}.']);
  expect(readPromptText('{"source": "x", "templates": ["a {}"]}')).toEqual(['a {}']);
  expect(readPromptText('{ "prompts": ["a \\u00e9 {}"] }')).toEqual(['a é {}']);
  for (const wrong of ['["a {}"', '{"templates": "a {}"}', '{"classes": ["a"]}', '[1]'])
    expect(() => readPromptText(wrong), wrong).toThrow(/begins as JSON/);
});

test('{class} of caption templates is {} in prompts', () => {
  expect(toPrompts(['a {class}', 'a {}'])).toEqual(['a {}', 'a {}']);
});

test('the sets here are those that papers share', () => {
  const sizes = Object.fromEntries(
    Object.entries(promptSets).map(([name, { prompts }]) => [name, prompts.length]),
  );
  expect(sizes).toEqual({ plain: 1, 'imagenet-80': 80, 'imagenet-7': 7, 'cifar-18': 18 });
  const counts = Object.fromEntries(Object.entries(classSets).map(([name, { length }]) => [name, length]));
  expect(counts).toEqual({ ...classSetSizes });
});
