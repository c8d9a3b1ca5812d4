import { expect, test } from 'vitest';
import { forWindow } from '#main/api/window-words.ts';

test.each([
  [
    "The disk is full.\nRun 'a' failed; go on from step 3 of 9 with: ccw runs resume 'a b'",
    "The disk is full.\nRun 'a' failed. Resume goes on from step 3 of 9.",
  ],
  [
    'Another program is at work in /w: wait until it is done (ccw runs list shows its run), stop it with Ctrl-C, or name another workspace with --workspace.',
    'Another program is at work in /w: wait until it is done, stop it with Ctrl-C.',
  ],
  [
    "Run 'a' is failed and has no model to measure: finish it with ccw runs resume a, or leave it out.",
    "Run 'a' is failed and has no model to measure: resume it, or leave it out.",
  ],
  [
    '/w can only be read: make it writable, or choose another workspace (--workspace or CCW_WORKSPACE).',
    '/w can only be read: make it writable, or choose another workspace.',
  ],
  [
    "It cannot be read: no size. 'ccw trigger show KIND' lists what each parameter allows.",
    'It cannot be read: no size.',
  ],
  [
    'Dataset a gives 3 pairs, fewer than one batch of 8: lower --batch-size, raise --fraction, or take a larger dataset.',
    'Dataset a gives 3 pairs, fewer than one batch of 8: lower batch size, raise fraction, or take a larger dataset.',
  ],
  [
    "Nobody has looked at the pictures of 'a b' yet, so it cannot be exported. Check its pictures first (ccw dataset verify 'a b').",
    "Nobody has looked at the pictures of 'a b' yet, so it cannot be exported. Check its pictures first.",
  ],
  ['Choose another name (one of yours) -- or none.', 'Choose another name (one of yours) -- or none.'],
])('%j', (message, shown) => {
  expect(forWindow(message)).toBe(shown);
});
