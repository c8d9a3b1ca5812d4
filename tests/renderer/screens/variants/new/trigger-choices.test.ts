import { expect, test } from 'vitest';
import { triggerKinds, triggerSchema } from '#contract/trigger.ts';
import { defaultPatch } from '#core/triggers/kinds/patch.ts';
import {
  defaultTrigger,
  presetChoices,
  resolveTrigger,
} from '../../../../../renderer/screens/variants/new/trigger-choices.ts';

test('every kind offers presets, and each choice names its own trigger', () => {
  const groups = presetChoices(32);
  expect(groups.map(({ kind }) => kind)).toEqual(triggerKinds);
  for (const { choices } of groups) {
    expect(choices.length).toBeGreaterThan(0);
    for (const { ref, trigger } of choices) {
      expect(triggerSchema.safeParse(trigger).success).toBe(true);
      expect(resolveTrigger(ref, 32, [])?.trigger).toEqual(trigger);
    }
  }
});

test('the form begins with the demo’s patch', () => {
  expect(resolveTrigger(defaultTrigger, 32, [])?.trigger).toEqual(defaultPatch(6, 32));
});

test('a trigger that is not there is told', () => {
  expect(resolveTrigger('kept:gone', 32, [])).toBeNull();
  expect(resolveTrigger('preset:patch:gone', 32, [])).toBeNull();
  expect(resolveTrigger('preset:gone:x', 32, [])).toBeNull();
});

test('presets that do not fit a small picture are left out or fit', () => {
  for (const { choices } of presetChoices(1)) expect(Array.isArray(choices)).toBe(true);
});
