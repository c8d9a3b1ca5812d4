import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tokenizerPart } from '#main/engine/parity/tokenizer.ts';
import { changeJson, createFigureCopies, referenceFolder } from './figures.ts';

const copies = createFigureCopies();
afterAll(() => copies.remove());

test("all texts have CLIP's token ids", async () => {
  expect(await tokenizerPart.check(referenceFolder)).toEqual([
    { name: 'tokenizer', error: 0, tolerance: 0, ok: true },
  ]);
});

test('one id that is changed, and one that is missing, fail', async () => {
  const folder = copies.copy('tokenizer.json');
  changeJson<{ ids: number[] }[]>(path.join(folder, 'tokenizer.json'), (cases) => {
    cases[6]!.ids[3]! += 1;
    cases[40]!.ids.pop();
  });
  expect(await tokenizerPart.check(folder)).toEqual([
    { name: 'tokenizer', error: 2, tolerance: 0, ok: false },
  ]);
});

test('no file, no texts and no JSON are errors', async () => {
  const folder = copies.copy('tokenizer.json');
  const file = path.join(folder, 'tokenizer.json');
  for (const content of ['[]', 'tokens']) {
    writeFileSync(file, content);
    await expect(tokenizerPart.check(folder)).rejects.toMatchObject({ kind: 'corrupt-file' });
  }
  rmSync(file);
  await expect(tokenizerPart.check(folder)).rejects.toMatchObject({ name: 'WorkbenchError' });
});
