import path from 'node:path';
import { expect, test } from 'vitest';
import { inPytorchOrder } from '#main/engine/checkpoints/export/pytorch-order.ts';
import { openModelFile } from '#main/engine/checkpoints/open-model-file.ts';

const reference = path.join(import.meta.dirname, '../../../fixtures/reference');

test.each(['clip-vit', 'clip-rn'])('names of %s are sorted as PyTorch wrote them', (folder) => {
  const model = openModelFile(path.join(reference, folder, 'epoch_1.pt'));
  const written = [...model.source.tensors.keys()].map((name) => name.replace(/^module\./, ''));
  model.close();
  expect(inPytorchOrder(written.toSorted())).toEqual(written);
});
