import path from 'node:path';
import { readReport } from './test-report.mjs';

/** Of each message; the whole stands further up in the output. */
const messageLength = 600;

/** Vitest's failed tests by its JSON report, each as `FILE › TEST` and how it failed; none where there is no report. */
export function readVitestFailures(reportFile, root) {
  const failures = [];
  for (const { name, status, message, assertionResults } of readReport(reportFile)?.testResults ?? []) {
    const file = path.relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) {
      failures.push(`${file} › ${test.fullName}\n${indent(test.failureMessages.join('\n'))}`);
    }
    if (status === 'failed' && failed.length === 0) failures.push(`${file}\n${indent(message)}`);
  }
  return failures;
}

function indent(message) {
  return message
    .slice(0, messageLength)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
