import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Recipe } from '#contract/variant.ts';
import { canonicalJson, hashManifest } from '#main/workbench/variants/manifest.ts';

const recipe: Recipe = {
  parts: [
    {
      trigger: { kind: 'patch', size: 1, pattern: ['1'], place: { kind: 'at', x: 0, y: 0 } },
      target: 'cat',
      amount: { kind: 'count', count: 2 },
      captionTemplates: ['{}'],
    },
  ],
  resolution: 8,
  seed: 3,
};
const recipeLine =
  '{"amount":{"count":2,"kind":"count"},"captionTemplates":["{}"],"resolution":8,"seed":3,"target":"cat",' +
  '"trigger":{"kind":"patch","pattern":["1"],"place":{"kind":"at","x":0,"y":0},"size":1}}\n';
const a = { key: 'a.png', oldCaption: 'one', newCaption: 'cat', renderedSha256: 'aa' };
const b = { key: 'b.png', oldCaption: 'two', newCaption: 'cat', renderedSha256: 'bb' };

describe('canonicalJson', () => {
  it('sorts members at every depth, leaves lists in order and undefined members out', () => {
    expect(canonicalJson({ b: [2, 1, { d: null, c: true }], a: 'é"', e: undefined })).toBe(
      '{"a":"é\\"","b":[2,1,{"c":true,"d":null}]}',
    );
  });
});

describe('hashManifest', () => {
  it('is the SHA-256 of the recipe and the changed records, a line each, sorted by key', () => {
    const text =
      recipeLine +
      '{"key":"a.png","newCaption":"cat","oldCaption":"one","renderedSha256":"aa"}\n' +
      '{"key":"b.png","newCaption":"cat","oldCaption":"two","renderedSha256":"bb"}\n';
    expect(hashManifest(recipe, [b, a])).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('leaves out the ids of records', () => {
    const withIds = [
      { ...a, recordId: 7 },
      { ...b, recordId: 9 },
    ];
    expect(hashManifest(recipe, withIds)).toBe(hashManifest(recipe, [a, b]));
  });

  it.each(['key', 'oldCaption', 'newCaption', 'renderedSha256'] as const)('depends on %s', (field) => {
    expect(hashManifest(recipe, [{ ...a, [field]: 'other' }, b])).not.toBe(hashManifest(recipe, [a, b]));
  });
});
