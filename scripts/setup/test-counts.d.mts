export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

export function readVitestCounts(reportFile: string): TestCounts | null;
export function readPlaywrightCounts(reportFile: string): TestCounts | null;
export function addCounts(parts: readonly (TestCounts | null)[]): TestCounts;
export function formatCounts(counts: TestCounts): string;
