/** Records that a person chose for another screen, kept in this tab: too many for an address. */
export interface ChosenRecords {
  dataset: string;
  recordIds: number[];
}

/** As many as a recipe names (contract/variant.ts). */
export const mostChosen = 10_000;

const place = (name: string) => `ccw.chosen.${name}`;

/** @returns the name that stands in the address for them; null where the tab can keep nothing */
export function keepChosen(chosen: ChosenRecords): string | null {
  const name = Date.now().toString(36);
  try {
    for (const old of Object.keys(sessionStorage))
      if (old.startsWith(place(''))) sessionStorage.removeItem(old);
    sessionStorage.setItem(place(name), JSON.stringify(chosen));
    return name;
  } catch {
    return null;
  }
}

/** null where they are of another tab, or another choice has taken their place. */
export function readChosen(name: string | null, dataset: string | undefined): number[] | null {
  if (name === null) return null;
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(place(name)) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    const { dataset: of, recordIds } = kept as Partial<ChosenRecords>;
    if (of !== dataset || !Array.isArray(recordIds)) return null;
    return recordIds.filter((id) => Number.isSafeInteger(id)).slice(0, mostChosen);
  } catch {
    return null;
  }
}
