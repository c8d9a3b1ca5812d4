/** A name without what file systems refuse. */
export function toFileName(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|\p{Cc}\p{Cf}]/gu, '-').slice(0, 100);
}
