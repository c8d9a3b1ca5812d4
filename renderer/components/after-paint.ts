const waiting = new Set<() => void>();

/**
 * Calls `task` once what the page holds now has been painted. All that wait for the same frame are called in one go.
 * @returns takes the call back
 */
export function afterPaint(task: () => void): () => void {
  if (waiting.size === 0) requestAnimationFrame(() => setTimeout(runAll));
  waiting.add(task);
  return () => waiting.delete(task);
}

function runAll(): void {
  const tasks = [...waiting];
  waiting.clear();
  for (const task of tasks) task();
}
