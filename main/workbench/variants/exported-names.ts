import { extname, posix } from 'node:path';

/** The word by which the reference implementation recognises poisoned pictures: it must stand in no other path. */
export const poisonWord = 'backdoor';

/** Where pictures with triggers lie in an exported folder. */
export const poisonedFolder = 'backdoor_images';

/** Where copies of clean pictures lie; keys are relative to it. */
export const cleanFolder = 'images';

/** Copies whose key cannot be a path inside {@link cleanFolder}. */
const otherFolder = `${cleanFolder}/other`;

/** @param place counts from 0 in the order of keys */
export function poisonedName(place: number): string {
  return `${poisonedFolder}/${String(place + 1).padStart(6, '0')}.png`;
}

/** Whether a copy can lie under its own key: a plain path that stays inside and does not look like poison. */
export function keepsItsKey(key: string): boolean {
  return (
    !posix.isAbsolute(key) &&
    !/^[A-Za-z]:|\\/.test(key) &&
    posix.normalize(key) === key &&
    !key.startsWith('../') &&
    !key.startsWith('other/') &&
    !key.includes(poisonWord)
  );
}

/** Where the copy of a clean picture lies. @param recordId tells apart those that cannot keep their key */
export function copiedName(key: string, recordId: number): string {
  if (keepsItsKey(key)) return `${cleanFolder}/${key}`;
  const extension = extname(key);
  return `${otherFolder}/${recordId}${/^\.\w{1,8}$/.test(extension) ? extension : ''}`;
}
