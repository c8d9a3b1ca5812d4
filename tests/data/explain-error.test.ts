import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { WorkbenchError } from '#contract/errors.ts';
import { explainError } from '#main/data/explain-error.ts';

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: as the system says`), { code, ...more });

test.each([
  ['ENOSPC', 'storage', /is full \(\d+\.\d MB are free\)/],
  ['SQLITE_FULL', 'storage', /is full/],
  ['EROFS', 'storage', /can only be read/],
  ['SQLITE_READONLY_DBMOVED', 'storage', /can only be read/],
  ['SQLITE_CORRUPT_VTAB', 'corrupt-file', /is damaged.*backup/],
  ['SQLITE_NOTADB', 'corrupt-file', /is damaged/],
  ['SQLITE_BUSY', 'busy', /Another program holds/],
  ['SQLITE_IOERR_WRITE', 'storage', /cannot be read or written/],
  ['ENOMEM', 'unavailable', /smaller batch/],
])('%s', (code, kind, words) => {
  const explained = explainError(coded(code), `${tmpdir()}/not/there`);
  expect(explained).toMatchObject({ kind, message: expect.stringMatching(words) });
});

test('the path that an error names is what is told', () => {
  expect(explainError(coded('ENOSPC', { path: '/tmp/x' }), '/elsewhere')).toMatchObject({
    message: expect.stringContaining('/tmp/x'),
  });
});

test('memory that ran out is told by what TensorFlow says', () => {
  const error = new WorkbenchError('tensorflow', 'MatMul: OOM when allocating tensor with shape[4096,4096]');
  expect(explainError(error)).toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('smaller batch'),
  });
});

test('other errors come back as they are', () => {
  for (const error of [
    new Error('x'),
    coded('ENOENT'),
    new WorkbenchError('conflict', 'taken'),
    'text',
    null,
  ]) {
    expect(explainError(error)).toBe(error);
  }
});
