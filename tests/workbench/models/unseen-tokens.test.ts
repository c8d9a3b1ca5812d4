import { expect, test } from 'vitest';
import { loadTokenizer } from '#main/data/words/clip-merges.ts';
import { countUnseenTokens, findUnseenTokens } from '#main/workbench/models/unseen-tokens.ts';

const vocabulary = [...new Set(loadTokenizer().encode('a photo of a red cat'))];

test('tokens that a vocabulary lacks are named once, with the texts that hold them', () => {
  const prompts = ['a photo of a {}', 'a drawing of a {}.', 'a drawing of the {}'];
  expect(findUnseenTokens({ vocabulary }, prompts, ['red', 'zebra'])).toEqual({
    // With the tokens that begin and end a text.
    known: 7,
    tokens: ['drawing', '.', 'the', 'zebra'],
    texts: 5,
    textsWith: 3,
  });
  expect(findUnseenTokens({ vocabulary }, ['a photo of a {}'], ['red cat'])?.tokens).toEqual([]);
});

test('at most twenty are named, all texts are counted', () => {
  const counter = countUnseenTokens({ vocabulary });
  for (let at = 0; at < 30; at++) counter?.look(`red ${String.fromCharCode(0x4e00 + at)}`);
  expect(counter?.found()).toMatchObject({ texts: 30, textsWith: 30 });
  expect(counter?.found().tokens).toHaveLength(20);
});

test('of a model with all of CLIP’s tokens nothing is known', () => {
  expect(findUnseenTokens({ vocabulary: null }, ['{}'], ['zebra'])).toBeNull();
});
