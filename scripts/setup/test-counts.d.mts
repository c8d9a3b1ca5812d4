export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

export function readCounts(reportFile: string): TestCounts | null;
export function formatCounts(counts: TestCounts): string;
