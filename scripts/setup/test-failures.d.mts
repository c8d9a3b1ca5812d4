export function readVitestFailures(reportFile: string, root: string): string[];
