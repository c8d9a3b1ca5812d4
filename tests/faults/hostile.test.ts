import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hues, writeNoisyPicture } from '../workbench/fixtures.ts';
import { writeHostilePictures } from './hostile-pictures.ts';
import { hostileTables } from './hostile-tables.ts';
import { everything } from './how-much.ts';

const program = fileURLToPath(new URL('programs/read-hostile.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ccw-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answerSchema = z.object({
  kept: z.array(z.string()),
  left: z.number(),
  rows: z.array(z.union([z.string(), z.number()])),
  error: z.string().nullable(),
  seconds: z.number(),
  megabytes: z.number(),
});

/** A table, or all pictures together, may take so much of a processor; by the clock a busy machine takes longer. */
const mostSeconds = 10;
const hangsMs = 60_000;
const mostMegabytes = 500;

function read(...args: string[]) {
  const printed = execFileSync(process.execPath, ['--expose-gc', program, ...args], {
    encoding: 'utf8',
    timeout: hangsMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
  });
  return answerSchema.parse(JSON.parse(printed));
}

describe('hostile pictures', () => {
  test('each has its verdict; none hangs, and none fills the memory', { timeout: 120_000 }, async () => {
    const verdicts = await writeHostilePictures(join(folder, 'pictures'));
    expect(Object.keys(verdicts).length).toBeGreaterThanOrEqual(60);
    const answer = read(join(folder, 'pictures'));
    const kept = new Set(answer.kept);
    const found = Object.keys(verdicts).map((name) => [name, kept.has(`a/${name}`) ? 'kept' : 'refused']);
    expect(Object.fromEntries(found)).toEqual(verdicts);
    expect(answer.left).toBe(Object.values(verdicts).filter((verdict) => verdict === 'refused').length);
    expect(answer.seconds).toBeLessThan(mostSeconds);
    expect(answer.megabytes).toBeLessThan(mostMegabytes);
  });
});

describe('hostile tables', () => {
  beforeAll(async () => {
    for (let number = 0; number < 6; number += 1)
      await writeNoisyPicture(join(folder, 'tables', `${number}.png`), hues.red);
  });

  test('there are forty of them', () => {
    expect(Object.keys(hostileTables).length).toBeGreaterThanOrEqual(40);
  });

  // Each is a program of its own: a part of them serves where time is short.
  const names = Object.keys(hostileTables).filter(
    (name, index) => everything || / mb|-mb|million|never/.test(name) || index % 8 === 0,
  );
  test.each(names)('%s', (name) => {
    const verdict = hostileTables[name]?.()[1];
    const answer = read(join(folder, 'tables'), name);
    if (verdict === 'bad-input') expect(answer.error).toBe('bad-input');
    else
      expect({ kept: answer.kept.length, left: answer.left, error: answer.error }).toEqual({
        ...verdict,
        error: null,
      });
    expect(answer.seconds).toBeLessThan(mostSeconds);
    expect(answer.megabytes).toBeLessThan(mostMegabytes);
  });
});
