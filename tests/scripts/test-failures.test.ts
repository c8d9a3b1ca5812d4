import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readVitestFailures } from '#scripts/setup/test-failures.mjs';

test('names what failed with its message, a test file that could not run among it', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccw-failures-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'report.json');
  const testResults = [
    { name: '/clone/tests/a.test.ts', status: 'passed', message: '', assertionResults: [passed('one')] },
    {
      name: '/clone/tests/b.test.ts',
      status: 'failed',
      message: '',
      assertionResults: [passed('two'), failed('three', 'expected 1 to be 2\n  at b.test.ts:3')],
    },
    { name: '/clone/tests/c.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
  ];
  writeFileSync(file, JSON.stringify({ testResults }));

  expect(readVitestFailures(file, '/clone')).toEqual([
    'tests/b.test.ts › three\n    expected 1 to be 2\n      at b.test.ts:3',
    'tests/c.test.ts\n    no such module',
  ]);
  expect(readVitestFailures(path.join(folder, 'none.json'), '/clone')).toEqual([]);
});

function passed(fullName: string) {
  return { status: 'passed', fullName, failureMessages: [] };
}

function failed(fullName: string, message: string) {
  return { status: 'failed', fullName, failureMessages: [message] };
}
