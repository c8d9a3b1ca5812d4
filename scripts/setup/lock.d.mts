export function withLock<T>(
  file: string,
  onWait: () => void,
  work: (addProcess: (pid: number) => void) => Promise<T>,
): Promise<T>;
