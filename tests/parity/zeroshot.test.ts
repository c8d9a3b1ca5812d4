import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { zeroshotPart } from '#main/engine/parity/zeroshot.ts';
import { changeJson, changeTensor, createFigureCopies, referenceFolder } from './figures.ts';

interface Figures {
  images: number;
  top_hits: Record<string, number>;
  topk: Record<string, number>;
  attack_hits: number;
  attack_images: number;
  clean_accuracy: number;
  attack_success_rate: number;
  per_class: { hits: number; attack_hits: number | null; accuracy: number; attack_success: number | null }[];
  confusion_clean: number[][];
  confusion_triggered: number[][];
}

const copies = createFigureCopies();
afterAll(() => copies.remove());

const failed = async (folder: string) =>
  (await zeroshotPart.check(folder)).filter(({ ok }) => !ok).map(({ name }) => name);

test("counts and shares are the reference's", async () => {
  expect(await zeroshotPart.check(referenceFolder)).toHaveLength(9);
  expect(await failed(referenceFolder)).toEqual([]);
});

describe('what is changed beyond its tolerance fails', () => {
  const changes: [string, (figures: Figures) => void][] = [
    ['images', (figures) => figures.images++],
    ['top-hits', (figures) => figures.top_hits['5']!++],
    ['top-shares', (figures) => (figures.topk['3']! += 1e-5)],
    ['top-shares', (figures) => (figures.clean_accuracy -= 1e-5)],
    ['attack-hits', (figures) => figures.attack_hits++],
    ['attack-hits', (figures) => figures.attack_images++],
    ['attack-share', (figures) => (figures.attack_success_rate += 1e-5)],
    ['per-class-hits', (figures) => figures.per_class[4]!.hits++],
    ['per-class-hits', (figures) => (figures.per_class[3]!.attack_hits = 0)],
    ['per-class-shares', (figures) => (figures.per_class[4]!.accuracy += 1e-5)],
    ['per-class-shares', (figures) => (figures.per_class[3]!.attack_success = 0)],
    ['confusion-clean', (figures) => figures.confusion_clean[1]![2]!++],
    ['confusion-triggered', (figures) => figures.confusion_triggered[2]![1]!++],
  ];
  test.each(changes)('%s', async (name, change) => {
    const folder = copies.copy('zeroshot.json', 'zeroshot.safetensors');
    changeJson<Figures>(path.join(folder, 'zeroshot.json'), (figures) => void change(figures));
    expect(await failed(folder)).toEqual([`zeroshot/${name}`]);
  });

  test('the label of an image', async () => {
    const folder = copies.copy('zeroshot.json', 'zeroshot.safetensors');
    changeTensor(path.join(folder, 'zeroshot.safetensors'), 'labels', 7, 1);
    expect(await failed(folder)).toContain('zeroshot/per-class-hits');
  });
});

test.each(['zeroshot.json', 'zeroshot.safetensors'])('without %s there is an error', async (name) => {
  const folder = copies.copy('zeroshot.json', 'zeroshot.safetensors');
  rmSync(path.join(folder, name));
  await expect(zeroshotPart.check(folder)).rejects.toMatchObject({ name: 'WorkbenchError' });
});
