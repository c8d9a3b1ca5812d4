import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { retrievalPart } from '#main/engine/parity/retrieval.ts';
import { changeJson, referenceFolder } from './figures.ts';
import { findFailures, useFastestBackend } from './fixture-copy.ts';

beforeAll(useFastestBackend);

test('recall in both directions is the reference’s', async () => {
  const checks = await retrievalPart.check(referenceFolder);
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ['retrieval/image_to_text', true],
    ['retrieval/text_to_image', true],
  ]);
});

test('one hit more fails', async () => {
  const failures = await findFailures(retrievalPart, (folder) =>
    changeJson<{ hits: { text_to_image_r1: number } }>(path.join(folder, 'retrieval.json'), ({ hits }) => {
      hits.text_to_image_r1 += 1;
    }),
  );
  expect(failures).toEqual(['retrieval/text_to_image']);
});
