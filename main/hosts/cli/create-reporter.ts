import { type ClosableReporter, createPlainReporter } from './plain-reporter.ts';

/** Progress for a person, on stderr: bars on a terminal, now and then a line elsewhere. */
export async function createReporter(): Promise<ClosableReporter> {
  if (!process.stderr.isTTY) return createPlainReporter();
  const { createBarReporter } = await import('./bar-reporter.ts');
  return createBarReporter();
}
