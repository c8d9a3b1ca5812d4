/** Values that are dear to make, by what they are made from; all are dropped when there are too many. */
export interface SmallCache<T> {
  get(key: string, make: () => T): T;
}

export function createSmallCache<T>(entries: number): SmallCache<T> {
  const kept = new Map<string, T>();
  return {
    get(key, make) {
      const known = kept.get(key);
      if (known !== undefined) return known;
      if (kept.size >= entries) kept.clear();
      const made = make();
      kept.set(key, made);
      return made;
    },
  };
}
