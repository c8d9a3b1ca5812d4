export interface ProgressStream {
  isTTY?: boolean;
  write(text: string): unknown;
}

export function withProgress<T>(
  label: string,
  totalBytes: number | null,
  work: (update: (bytes: number) => void) => Promise<T>,
  stream?: ProgressStream,
): Promise<T>;
