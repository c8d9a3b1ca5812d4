import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changeHistory,
  redoHistory,
  settleHistory,
  startHistory,
  undoHistory,
} from '../../../../renderer/screens/triggers/history.ts';

test('undo gives back each state in turn and redo brings them again', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 50 }), (values) => {
      const states = [0, ...values];
      let history = startHistory(0);
      for (const value of values) history = changeHistory(history, value);
      for (let at = values.length; at > 0; at--) {
        expect(history.present).toBe(states[at]);
        history = undoHistory(history);
      }
      expect(history.present).toBe(0);
      expect(undoHistory(history)).toBe(history);
      for (const value of values) {
        history = redoHistory(history);
        expect(history.present).toBe(value);
      }
      expect(redoHistory(history)).toBe(history);
    }),
  );
});

test('changes of one gesture are one step; a settled gesture, another key or an undo begins a new one', () => {
  let history = changeHistory(startHistory('a'), 'b', 'drag 1');
  history = changeHistory(history, 'c', 'drag 1');
  expect(undoHistory(history).present).toBe('a');
  expect(undoHistory(changeHistory(history, 'd', 'drag 2')).present).toBe('c');
  expect(undoHistory(changeHistory(settleHistory(history), 'd', 'drag 1')).present).toBe('c');
  const undone = undoHistory(history);
  expect(changeHistory(undone, 'x', 'drag 1')).toMatchObject({ past: ['a'], future: [] });
});

test('no more than 200 steps are kept', () => {
  let history = startHistory(0);
  for (let value = 1; value <= 300; value++) history = changeHistory(history, value);
  expect(history.past).toHaveLength(200);
  expect(history.past[0]).toBe(100);
});
