import { expect, test } from 'vitest';
import { type SimpleTrigger, triggerSchema } from '#contract/trigger.ts';
import { applyTrigger } from '#core/triggers/trigger-registry.ts';

const grey = { width: 8, height: 8, data: new Uint8Array(8 * 8 * 3).fill(100) };
const patch: SimpleTrigger = {
  kind: 'patch',
  size: 4,
  pattern: { kind: 'solid', colour: [201, 0, 100] },
  place: { kind: 'at', x: 0, y: 0 },
};
const pixel = (trigger: SimpleTrigger, x: number) => [
  ...applyTrigger(grey, trigger).data.slice(x * 3, x * 3 + 3),
];

test('a layer of some opacity lies between what was there and the trigger in full', () => {
  expect(pixel(patch, 0)).toEqual([201, 0, 100]);
  // 100 + 0.5 (201 - 100) = 150.5, 100 + 0.5 (0 - 100) = 50.
  expect(pixel({ ...patch, layer: { opacity: 0.5 } }, 0)).toEqual([151, 50, 100]);
  expect(pixel({ ...patch, layer: { opacity: 0.5 } }, 5)).toEqual([100, 100, 100]);
  expect(pixel({ ...patch, layer: { opacity: 0.5, hidden: true } }, 0)).toEqual([100, 100, 100]);
});

test('a hidden part changes nothing, and the others stay where they were', () => {
  const somewhere: SimpleTrigger = { ...patch, size: 2, place: { kind: 'random' } };
  const hidden = triggerSchema.parse({
    kind: 'composition',
    parts: [{ ...patch, layer: { hidden: true } }, somewhere],
  });
  const shown = triggerSchema.parse({ kind: 'composition', parts: [patch, somewhere] });
  for (let seed = 0; seed < 5; seed += 1) {
    const [one, both] = [hidden, shown].map((trigger) => applyTrigger(grey, trigger, [seed]).data);
    for (let at = 0; at < grey.data.length; at += 1) {
      const inPatch = Math.floor(at / 3) % 8 < 4 && Math.floor(at / 24) < 4;
      if (!inPatch) expect(one?.[at]).toBe(both?.[at]);
    }
  }
});
