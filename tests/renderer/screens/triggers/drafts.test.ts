import { expect, test } from 'vitest';
import type { Trigger } from '#contract/trigger.ts';
import { type Draft, readDraft, writeDraft } from '../../../../renderer/screens/triggers/draft.ts';
import { beginDraft, resolutionFor } from '../../../../renderer/screens/triggers/first-draft.ts';

const trigger: Trigger = { kind: 'colour', space: 'hsv', change: { kind: 'shift', amounts: [0.1, 0, 0] } };
const draft: Draft = {
  design: { trigger, resolution: 48, seed: 7 },
  kept: { id: 'tr_1', name: 'tint', version: 2, text: '{}' },
};
function makeStorage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    items,
  };
}

test('a draft comes back as it was written; what cannot be read is no draft', () => {
  const storage = makeStorage();
  expect(readDraft(storage)).toBeNull();
  expect(writeDraft(storage, draft)).toBe(true);
  expect(readDraft(storage)).toEqual(draft);
  for (const text of ['{', '{"design":{}}', 'null']) {
    for (const key of storage.items.keys()) storage.items.set(key, text);
    expect(readDraft(storage)).toBeNull();
  }
});

test('a full store is said, not thrown', () => {
  const full = {
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  };
  expect(writeDraft(full, draft)).toBe(false);
});

test('the draft goes on where the address does not ask for something else', () => {
  expect(beginDraft(draft, { trigger: null, kind: null }, null, 224)).toBe(draft);
  expect(beginDraft(draft, { trigger: 'tr_1', kind: 'colour' }, null, 224)).toBe(draft);
  const other = beginDraft(draft, { trigger: null, kind: 'warp' }, null, 224);
  expect(other).toMatchObject({ kept: null, design: { resolution: 48, seed: 7, trigger: { kind: 'warp' } } });
});

test('a version in the address is opened, and an empty address begins with a patch', () => {
  const stored = {
    id: 'tr_2',
    name: 'tint',
    version: 3,
    kind: 'colour',
    resolution: 64,
    createdAt: '2026-01-01T00:00:00.000Z',
    thumbnail: '/media/t/tr_2',
    origin: null,
    originModel: null,
    trigger,
  };
  const opened = beginDraft(draft, { trigger: 'tr_2', kind: null }, stored, 224);
  expect(opened.design).toEqual({ trigger, resolution: 64, seed: 7 });
  expect(opened.kept).toEqual({
    id: 'tr_2',
    name: 'tint',
    version: 3,
    text: JSON.stringify({ resolution: 64, trigger }),
  });
  const fresh = beginDraft(null, { trigger: null, kind: null }, null, 32);
  expect(fresh).toMatchObject({
    kept: null,
    design: { resolution: 32, seed: 0, trigger: { kind: 'patch', size: 6 } },
  });
});

test('small pictures begin at the demo’s resolution, others at CLIP’s', () => {
  expect([resolutionFor(64), resolutionFor(96), resolutionFor(500)]).toEqual([32, 32, 224]);
});
