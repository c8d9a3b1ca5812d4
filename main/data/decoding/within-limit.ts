/** What `work` gives, or `tooLong` thrown after so many milliseconds; the work itself goes on, since nothing can end it. */
export async function withinLimit<T>(work: Promise<T>, limitMs: number, tooLong: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLong()), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
