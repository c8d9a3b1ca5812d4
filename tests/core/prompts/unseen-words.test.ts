import { expect, test } from 'vitest';
import { describeUnseen } from '#core/prompts/unseen-words.ts';

test('what is unseen is said with its count, and nothing where all was seen', () => {
  const unseen = { known: 300, tokens: ['zebra', '.'], texts: 10, textsWith: 4 };
  expect(describeUnseen(unseen, 'captions')).toMatch(
    /^4 of 10 captions hold tokens .*: zebra \. \(it knows 300 of/,
  );
  const large = describeUnseen({ ...unseen, known: 2170, texts: 2000 }, 'captions');
  expect(large).toMatch(/^4 of 2,000 captions .* \(it knows 2,170 of CLIP’s 49,408 tokens\)\.$/);
  expect(describeUnseen({ ...unseen, tokens: [] }, 'captions')).toBeNull();
  expect(describeUnseen(null, 'captions')).toBeNull();
});
