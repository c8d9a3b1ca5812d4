/**
 * Does work that nobody waits for (a timer, the end of something): what it throws is told, and the program goes on.
 * Such work must be able to fail: it comes again, or the next start does it.
 */
export function inBackground(
  what: string,
  work: () => void | Promise<void>,
  problem: (message: string) => void,
): void {
  const tell = (error: unknown) => {
    process.stderr.write(
      `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    problem(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
  };
  try {
    Promise.resolve(work()).catch(tell);
  } catch (error) {
    tell(error);
  }
}
