import { expect, test } from 'vitest';
import { checkPrompts, readPrompts } from '../../../../renderer/screens/model/prompts.ts';

test('prompts are lines; empty ones are left out', () => {
  expect(readPrompts(' a photo of a {} \n\n{}\n')).toEqual(['a photo of a {}', '{}']);
});

test('what is wrong is said with its place', () => {
  expect(checkPrompts(['{}'])).toBeNull();
  expect(checkPrompts([])).toMatch(/at least one/);
  expect(checkPrompts(['{}', 'a photo'])).toMatch(/Prompt 2 /);
  expect(checkPrompts(Array.from({ length: 201 }, () => '{}'))).toMatch(/201/);
});
