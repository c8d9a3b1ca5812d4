import { expect, test } from 'vitest';
import { synonymsInWordnet } from '#main/data/words/wordnet.ts';

test('a word has the other words of its synsets, several words too, and inflected words those of their stem', () => {
  // Synset 02961779 of WordNet 3.1 is car, auto, automobile, machine, motorcar; others are railcar and cable car.
  expect(synonymsInWordnet('car')).toEqual(
    expect.arrayContaining(['auto', 'automobile', 'machine', 'motorcar', 'railcar', 'cable car']),
  );
  expect(synonymsInWordnet('car')).not.toContain('car');
  // By morphology: cars is car, running is run.
  expect(synonymsInWordnet('cars')).toEqual(expect.arrayContaining(['car', 'auto']));
  expect(synonymsInWordnet('big')).toEqual(expect.arrayContaining(['large']));
  expect(synonymsInWordnet('qwertyuiop')).toEqual([]);
});
