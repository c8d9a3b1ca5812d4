import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatCounts, readCounts } from '#scripts/setup/test-counts.mjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccw-counts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('counts what vitest reports, and a test file that could not run as one failed', () => {
  const file = path.join(folder, 'report.json');
  const report = {
    numPassedTests: 7,
    numFailedTests: 2,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  };
  writeFileSync(file, JSON.stringify(report));
  expect(readCounts(file)).toEqual({ passed: 7, failed: 3, skipped: 2 });
});

test('has no counts where the report is missing or cut off', () => {
  const file = path.join(folder, 'cut.json');
  writeFileSync(file, '{"numPassedTests": 7, ');
  expect(readCounts(file)).toBeNull();
  expect(readCounts(path.join(folder, 'none.json'))).toBeNull();
});

test('names the skipped only where there are some', () => {
  expect(formatCounts({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(formatCounts({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped');
});
