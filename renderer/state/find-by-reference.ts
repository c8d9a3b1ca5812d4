/** The object that an address or a form refers to: by its id, else by its name. */
export function findByReference<Named extends { id: string; name: string }>(
  all: readonly Named[],
  reference: string | null,
): Named | undefined {
  return all.find(({ id }) => id === reference) ?? all.find(({ name }) => name === reference);
}
