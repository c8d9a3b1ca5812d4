import { readReport } from './test-report.mjs';

/** What vitest's JSON report counts, or null where there is none. A test file that could not run counts as one failed. */
export function readVitestCounts(reportFile) {
  const report = readReport(reportFile);
  if (report === null) return null;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** What Playwright's JSON report counts, or null where there is none. Errors outside of tests count as one failed each. */
export function readPlaywrightCounts(reportFile) {
  const report = readReport(reportFile);
  if (report === null) return null;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped };
}

/** Several programs' counts as one; one that left no report counts as one failed. */
export function addCounts(parts) {
  const none = { passed: 0, failed: 1, skipped: 0 };
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const part of parts) {
    for (const key of Object.keys(sum)) sum[key] += (part ?? none)[key];
  }
  return sum;
}

/** The closing line that counts in any language. */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
