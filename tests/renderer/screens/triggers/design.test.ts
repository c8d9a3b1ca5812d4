import { expect, test } from 'vitest';
import { type SimpleTrigger, type Trigger, triggerSchema } from '#contract/trigger.ts';
import {
  listParts,
  readPart,
  replacePart,
  setLayer,
  shiftPart,
  withOrder,
  withParts,
} from '../../../../renderer/screens/triggers/design.ts';

const warp: SimpleTrigger = {
  kind: 'warp',
  gridSize: 4,
  strength: 0.5,
  control: { kind: 'random', seed: 0 },
};
const patch: SimpleTrigger = {
  kind: 'patch',
  size: 4,
  pattern: { kind: 'solid', colour: [255, 0, 0] },
  place: { kind: 'centre' },
};

test('one part stands for itself, more are a composition, and the order of preprocessing stays the whole’s', () => {
  const alone: Trigger = { ...patch, apply: 'before' };
  const both = withParts(alone, [...listParts(alone), warp]);
  expect(both).toEqual({ kind: 'composition', parts: [patch, warp], apply: 'before' });
  expect(triggerSchema.parse(both)).toEqual(both);
  expect(withParts(both, [warp])).toEqual({ ...warp, apply: 'before' });
});

test('a composition of one part that was read stays one while its part is edited', () => {
  const trigger: Trigger = { kind: 'composition', parts: [patch] };
  expect(replacePart(trigger, 0, warp)).toEqual({ kind: 'composition', parts: [warp] });
});

test('parts move up and down and stay at the ends', () => {
  const trigger: Trigger = { kind: 'composition', parts: [patch, warp] };
  expect(listParts(shiftPart(trigger, 0, 1))).toEqual([warp, patch]);
  expect(shiftPart(trigger, 0, -1)).toBe(trigger);
  expect(shiftPart(trigger, 1, 1)).toBe(trigger);
});

test('a part is hidden and faded, and as usual it says nothing of it', () => {
  const trigger: Trigger = { kind: 'composition', parts: [patch, warp] };
  const faded = setLayer(setLayer(trigger, 1, { hidden: true }), 1, { opacity: 0.5 });
  expect(listParts(faded)).toEqual([patch, { ...warp, layer: { hidden: true, opacity: 0.5 } }]);
  expect(setLayer(setLayer(faded, 1, { hidden: undefined }), 1, { opacity: undefined })).toEqual(trigger);
});

test('a part keeps no order of its own, and what is no trigger is no part', () => {
  expect(replacePart(withOrder(patch, 'before'), 0, { ...warp, apply: 'after' })).toEqual({
    ...warp,
    apply: 'before',
  });
  expect(readPart({ ...patch, size: 0 })).toBeNull();
  expect(readPart(patch)).toEqual(patch);
});
