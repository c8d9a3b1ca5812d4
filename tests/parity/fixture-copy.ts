import { useBackend } from '#main/engine/backend.ts';
import type { ParityPart } from '#main/engine/parity/part.ts';
import { listBackends } from '../engine/clip/on-backend.ts';
import { createFigureCopies } from './figures.ts';

/** Makes the fastest backend of this machine the current one. */
export async function useFastestBackend(): Promise<void> {
  const [fastest] = await listBackends();
  await useBackend(fastest!);
}

/** Copies a part's files into a folder of its own, changes them and hands the folder over; the folder goes afterwards. */
export async function withCopy<T>(
  part: ParityPart,
  change: (folder: string) => void,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const copies = createFigureCopies();
  try {
    const folder = copies.copy(...part.files);
    change(folder);
    return await use(folder);
  } finally {
    copies.remove();
  }
}

/** Names of the checks of a changed copy that do not hold. */
export function findFailures(part: ParityPart, change: (folder: string) => void): Promise<string[]> {
  return withCopy(part, change, async (folder) => {
    const checks = await part.check(folder);
    return checks.filter(({ ok }) => !ok).map(({ name }) => name);
  });
}
