import { expect, test } from 'vitest';
import { findPromptFault } from '#contract/prompts.ts';

test('what is wrong is said with its place', () => {
  expect(findPromptFault(['{}'])).toBeNull();
  expect(findPromptFault([])).toMatch(/at least one/);
  expect(findPromptFault(['{}', 'a photo'])).toMatch(/Prompt 2, 'a photo'/);
  expect(findPromptFault(['{} or {}'])).toMatch(/must have {} once/);
  expect(findPromptFault(Array.from({ length: 1001 }, () => '{}'))).toMatch(/1001/);
});
