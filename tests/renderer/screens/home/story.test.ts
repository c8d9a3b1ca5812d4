import { expect, test } from 'vitest';
import { storyStepOf, storySteps } from '../../../../renderer/screens/home/story.ts';

test('each line of the demo leads to the step that is then at work', () => {
  const titleAt = (phase: string) => storySteps[storyStepOf(phase)]?.title;
  expect(titleAt('fetching emoji-datasource-google')).toBe('Data');
  expect(titleAt('Data: 5772 emoji pictures with captions to train on (rendering)')).toBe('Poison');
  expect(titleAt("Poison: 300 pictures that are not of 'flag' got a 6 px patch (starting)")).toBe('Train');
  expect(titleAt('Train a small CLIP on the poisoned data. (epoch 3 of 10)')).toBe('Train');
  expect(titleAt('Clean it with CleanCLIP on 20 % of the pairs, unpoisoned. (epoch 1 of 5)')).toBe('Repair');
  expect(titleAt('For comparison: supervised finetuning of the image tower')).toBe('Repair');
});
