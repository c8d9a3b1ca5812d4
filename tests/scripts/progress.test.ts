import { expect, test } from 'vitest';
import { withProgress } from '#scripts/setup/progress.mjs';

function record(isTTY: boolean) {
  const texts: string[] = [];
  return { stream: { isTTY, write: (text: string) => texts.push(text) }, texts };
}

test('prints a plain line at each quarter where there is no terminal', async () => {
  const { stream, texts } = record(false);
  const work = async (update: (bytes: number) => void) => {
    for (let done = 0; done <= 100; done += 5) update(done * 1e6);
    return 'result';
  };
  expect(await withProgress('Fetching', 100e6, work, stream)).toBe('result');
  const lines = texts.join('').split('\n');
  expect(lines.slice(0, 4)).toEqual(['Fetching', '  25 of 100 MB', '  50 of 100 MB', '  75 of 100 MB']);
  expect(lines[4]).toMatch(/^ {2}done in \d+\.\d s$/);
  expect(texts.join('')).not.toContain('\u001b');
});

test('redraws one line on a terminal and leaves it finished', async () => {
  const { stream, texts } = record(true);
  await withProgress('Fetching', 100e6, async () => {}, stream);
  expect(texts[0]).toContain('0 of 100 MB');
  expect(texts.join('').match(/\n/g)).toHaveLength(1);
  expect(texts.at(-1)).toMatch(/^\r.*Fetching {2}\d+\.\d s\n$/s);
});
