import { expect, test } from 'vitest';
import { z } from 'zod';
import { issuesWords, issueWords, pathWords } from '#contract/issue-words.ts';

const schema = z.object({
  name: z.string().min(1).max(200),
  epochs: z.number().int().min(1).max(1000),
  rate: z.number().gt(0).lt(1),
  schedule: z.enum(['cosine', 'constant']),
  tags: z.array(z.string().max(3)).max(2),
});
const good = { name: 'a', epochs: 1, rate: 0.5, schedule: 'cosine', tags: [] };

function say(change: Record<string, unknown>): string {
  const parsed = schema.safeParse({ ...good, ...change });
  return parsed.success ? '' : issuesWords(parsed.error.issues);
}

test.each([
  [{ name: 'x'.repeat(201) }, 'Name: at most 200 characters.'],
  [{ name: '' }, 'Name: must not be empty.'],
  [{ name: undefined }, 'Name: is missing.'],
  [{ epochs: 0 }, 'Epochs: at least 1.'],
  [{ epochs: 2.5 }, 'Epochs: must be a whole number.'],
  [{ rate: 0 }, 'Rate: more than 0.'],
  [{ rate: 1 }, 'Rate: less than 1.'],
  [{ schedule: 'linear' }, 'Schedule: must be one of cosine, constant.'],
  [{ tags: ['a', 'b', 'c'] }, 'Tags: at most 2 entries.'],
  [{ tags: ['long'] }, 'Tags 1: at most 3 characters.'],
  [{ epochs: 0, name: '' }, 'Name: must not be empty. Epochs: at least 1.'],
])('%j is said as %s', (change, words) => {
  expect(say(change)).toBe(words);
});

test('a schema’s own words stay as they are', () => {
  const own = z.string().max(3, 'Write three letters.').safeParse('four');
  expect(own.success ? '' : own.error.issues.map(issueWords)).toEqual(['Write three letters.']);
});

test('a path is words, and entries count from one', () => {
  expect(pathWords(['parts', 0, 'captionTrigger', 'text'])).toBe('parts 1, caption trigger, text');
  expect(pathWords([])).toBe('');
});
