/**
 * The policy for errors that nobody caught, in hosts that live on: they are written down with their stack, every window
 * is told, and the program goes on, since what runs must not end for what happened beside it. Every write of ours is
 * whole or not at all, so nothing is half done. Commands that end by themselves fail instead.
 */
export function outliveErrors(problem: (message: string) => void): () => void {
  const tell = (error: unknown) => {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`Unexpected: ${stack}\n`);
    problem(`Something unexpected went wrong: ${error instanceof Error ? error.message : String(error)}`);
  };
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
  return () => {
    process.off('uncaughtException', tell);
    process.off('unhandledRejection', tell);
  };
}
