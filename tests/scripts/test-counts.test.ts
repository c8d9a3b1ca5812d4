import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  addCounts,
  formatCounts,
  readPlaywrightCounts,
  readVitestCounts,
} from '#scripts/setup/test-counts.mjs';

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
  expect(readVitestCounts(file)).toEqual({ passed: 7, failed: 3, skipped: 2 });
});

test('has no counts where the report is missing or cut off', () => {
  const file = path.join(folder, 'cut.json');
  writeFileSync(file, '{"numPassedTests": 7, ');
  expect(readVitestCounts(file)).toBeNull();
  expect(readVitestCounts(path.join(folder, 'none.json'))).toBeNull();
});

test('counts what Playwright reports, and what failed outside of a test', () => {
  const file = path.join(folder, 'playwright.json');
  const stats = { expected: 9, unexpected: 2, flaky: 1, skipped: 12, duration: 3.5 };
  writeFileSync(file, JSON.stringify({ stats, errors: [{ message: 'the global set-up failed' }] }));
  expect(readPlaywrightCounts(file)).toEqual({ passed: 10, failed: 3, skipped: 12 });
  expect(readPlaywrightCounts(path.join(folder, 'none.json'))).toBeNull();
});

test('adds counts up, and takes a missing report for one failed', () => {
  const [one, other] = [
    { passed: 7, failed: 1, skipped: 2 },
    { passed: 5, failed: 0, skipped: 30 },
  ];
  expect(addCounts([one, other])).toEqual({ passed: 12, failed: 1, skipped: 32 });
  expect(addCounts([one, null])).toEqual({ passed: 7, failed: 2, skipped: 2 });
});

test('names the skipped only where there are some', () => {
  expect(formatCounts({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(formatCounts({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped');
});
