import { SvelteSet } from 'svelte/reactivity';

/** Which records of a query are chosen: some by id, or all that the query finds. */
export function createSelection() {
  const ids = new SvelteSet<number>();
  let all = $state(false);
  return {
    has: (id: number): boolean => all || ids.has(id),
    get all(): boolean {
      return all;
    },
    /** Chosen ids; not meaningful where all are chosen. */
    get ids(): number[] {
      return [...ids];
    },
    get empty(): boolean {
      return !all && ids.size === 0;
    },
    /** @param total records of the query */
    count: (total: number): number => (all ? total : ids.size),
    toggle(id: number): void {
      if (all) {
        all = false;
        ids.clear();
      }
      if (!ids.delete(id)) ids.add(id);
    },
    /** Chooses these and no others. */
    set(chosen: readonly number[]): void {
      all = false;
      const next = new Set(chosen);
      for (const id of [...ids]) if (!next.has(id)) ids.delete(id);
      for (const id of next) ids.add(id);
    },
    chooseAll(): void {
      ids.clear();
      all = true;
    },
    clear(): void {
      ids.clear();
      all = false;
    },
  };
}
export type Selection = ReturnType<typeof createSelection>;
