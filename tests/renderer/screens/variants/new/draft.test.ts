import { describe, expect, test } from 'vitest';
import { partRequestSchema, variantRequestSchema } from '#contract/api/variants.ts';
import { nextClass } from '#contract/variant.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import { toSearch } from '../../../../../renderer/routing/routes.ts';
import {
  newPart,
  type PartDraft,
  readDraft,
  sameTarget,
  toRequest,
  writeParts,
} from '../../../../../renderer/screens/variants/new/draft.ts';
import { resolveTrigger } from '../../../../../renderer/screens/variants/new/trigger-choices.ts';

const ground = { classes: ['cat', 'dog', 'fruit'], trainPairs: 5772 };
const resolve = (ref: string, resolution: number) => resolveTrigger(ref, resolution, [])?.trigger ?? null;
const address = (parts: readonly PartDraft[]) => new URLSearchParams(toSearch(writeParts(parts)));

describe('the form of an address', () => {
  test('an empty address is the demo’s recipe', () => {
    const draft = readDraft(new URLSearchParams(), ground);
    expect(draft).toMatchObject({ step: 'records', at: 0, resolution: 32, seed: 0, name: '' });
    expect(toRequest(draft, 'emoji', resolve)).toEqual({
      dataset: 'emoji',
      resolution: 32,
      seed: 0,
      parts: [
        {
          trigger: defaultPatch(6, 32),
          amount: { kind: 'count', count: 400 },
          strategy: 'templates',
          selection: {},
          target: 'cat',
        },
      ],
    });
  });

  test('a small dataset begins with a tenth of its pairs, an empty one with one', () => {
    expect(newPart({ classes: ['a'], trainPairs: 57 }).amount).toEqual({ kind: 'count', count: 5 });
    expect(newPart({ classes: ['a'], trainPairs: 0 }).amount).toEqual({ kind: 'count', count: 1 });
  });

  test('several parts come back as they were written', () => {
    const first = newPart(ground);
    const second: PartDraft = {
      ...first,
      trigger: 'kept:trg_1:2',
      target: 'dog',
      strategy: 'all-to-all',
      amount: { kind: 'rate', rate: 0.02 },
      captionTemplates: ['a {class} & more = ?'],
      selection: {
        classes: ['fruit', null],
        splits: ['train', 'test'],
        order: { kind: 'nearest', model: 'm' },
      },
      captionTrigger: { kind: 'insert', text: 'cf', position: 'random' },
    };
    const search = address([first, second]);
    search.set('at', '1');
    expect(readDraft(search, ground)).toMatchObject({ at: 1, parts: [first, second] });
  });

  test('a link may bring a trigger and a target', () => {
    const search = new URLSearchParams({ trigger: 'kept:trg_9', target: 'fruit' });
    expect(readDraft(search, ground).parts[0]).toMatchObject({ trigger: 'kept:trg_9', target: 'fruit' });
  });

  test.each([
    ['no JSON', '{"trigger'],
    ['another form', '{"trigger":"preset:patch:x","target":5}'],
    ['no trigger', JSON.stringify({ ...newPart(ground), trigger: 'javascript:alert(1)' })],
  ])('a part that is %s is as in the beginning', (_, text) => {
    expect(readDraft(new URLSearchParams({ part: text }), ground).parts).toEqual([newPart(ground)]);
  });

  test('classes that the dataset does not have are left out', () => {
    const part: PartDraft = { ...newPart(ground), target: 'horse', selection: { classes: ['horse', 'dog'] } };
    expect(readDraft(address([part]), ground).parts[0]).toMatchObject({
      target: 'cat',
      selection: { classes: ['dog'] },
    });
  });

  test.each(['-1', '5', 'x', '1.5'])('a part number of %s shows the first', (at) => {
    expect(readDraft(new URLSearchParams({ at }), ground).at).toBe(0);
  });
});

describe('what the host is asked for', () => {
  test('holds to the contract, and all-to-all has no target', () => {
    const part: PartDraft = { ...newPart(ground), strategy: 'all-to-all' };
    const request = toRequest(readDraft(address([part]), ground), 'emoji', resolve);
    expect(variantRequestSchema.safeParse(request).success).toBe(true);
    expect(request?.parts[0]).not.toHaveProperty('target');
    expect(partRequestSchema.parse(request?.parts[0]).target).not.toBe(nextClass);
  });

  test('templates are sent only where they are written', () => {
    const own = { ...newPart(ground), captionTemplates: ['x {class}'] };
    const ask = (part: PartDraft) => toRequest(readDraft(address([part]), ground), 'd', resolve)?.parts[0];
    expect(ask(own)).toHaveProperty('captionTemplates', ['x {class}']);
    expect(ask({ ...own, strategy: 'target-captions' })).not.toHaveProperty('captionTemplates');
  });

  test('nothing is asked while a trigger is not known', () => {
    const draft = readDraft(new URLSearchParams({ trigger: 'kept:gone' }), ground);
    expect(toRequest(draft, 'emoji', resolve)).toBeNull();
  });
});

test('two attacks with one target are warned of, on either of them', () => {
  const part = newPart(ground);
  expect(sameTarget({ parts: [part], at: 0 })).toBeNull();
  const twins: [PartDraft, ...PartDraft[]] = [part, { ...part, trigger: 'preset:warp:demo' }];
  expect(sameTarget({ parts: twins, at: 1 })).toContain('Attack 1 has the target “cat” too');
  expect(sameTarget({ parts: twins, at: 0 })).toContain('Attack 2');
  expect(sameTarget({ parts: [part, { ...part, target: 'dog' }], at: 1 })).toBeNull();
  // All-to-all has no target of its own.
  expect(sameTarget({ parts: [part, { ...part, strategy: 'all-to-all' }], at: 1 })).toBeNull();
});
