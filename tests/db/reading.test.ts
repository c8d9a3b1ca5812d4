import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '#db/open.ts';
import { readingOnce, rememberRead } from '#db/reading.ts';
import { makeFolder } from '../workbench/fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
let db: ReturnType<typeof openDatabase>;
beforeEach(() => {
  temporary = makeFolder();
  db = openDatabase(`${temporary.folder}/workbench.sqlite`);
});
afterEach(() => {
  db.close();
  temporary.remove();
});

test('within it a row is read once, afterwards anew, also where the work failed', () => {
  let reads = 0;
  const read = () => rememberRead(db, 'run a', () => ++reads);
  expect(readingOnce(db, () => [read(), readingOnce(db, read), read()])).toEqual([1, 1, 1]);
  expect([read(), read()]).toEqual([2, 3]);
  const fail = () =>
    readingOnce(db, () => {
      read();
      throw new Error('no');
    });
  expect(fail).toThrow('no');
  expect(read()).toBe(5);
});

test('an error is no answer: what was missing is looked for again', () => {
  let there = false;
  const read = () =>
    rememberRead(db, 'run a', () => {
      if (!there) throw new Error('missing');
      return 'here';
    });
  readingOnce(db, () => {
    expect(read).toThrow('missing');
    there = true;
    expect(read()).toBe('here');
  });
});
