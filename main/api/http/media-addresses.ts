/** What of a record decides how its picture looks: part of the address, so that a browser may keep it for ever. */
export interface PictureOf {
  id: number;
  /** null: not looked at yet; such an address is not kept. */
  sha256: string | null;
}

const of = ({ sha256 }: PictureOf, sign: '?' | '&'): string =>
  sha256 === null ? '' : `${sign}of=${sha256.slice(0, 12)}`;

/** The picture as it is stored. */
export function pictureAddress(picture: PictureOf): string {
  return `/media/p/${picture.id}${of(picture, '?')}`;
}

/** At most `size` pixels a side. */
export function thumbnailAddress(picture: PictureOf, size: number): string {
  return `/media/p/${picture.id}?size=${size}${of(picture, '&')}`;
}

/** As a model of `resolution` sees it. */
export function modelViewAddress(picture: PictureOf, resolution: number): string {
  return `/media/m/${picture.id}?resolution=${resolution}${of(picture, '&')}`;
}

/**
 * With a variant's trigger; `size` null leaves it as large as it is.
 * @param part which of the variant's attacks, from 0; left out, the one that changes this picture, or the first
 */
export function triggeredAddress(
  variantId: string,
  recordId: number,
  size: number | null,
  part?: number,
): string {
  const query = [
    ...(size === null ? [] : [`size=${size}`]),
    ...(part === undefined ? [] : [`part=${part}`]),
  ].join('&');
  return `/media/v/${variantId}/${recordId}${query === '' ? '' : `?${query}`}`;
}

/** Brought to `resolution` x `resolution` as a trigger that applies after resizing finds it, without loss. */
export function squareAddress(picture: PictureOf, resolution: number): string {
  return `/media/s/${picture.id}?resolution=${resolution}${of(picture, '&')}`;
}

/** A kept trigger on a drawing of ours, at most `size` pixels a side. */
export function keptTriggerAddress(triggerId: string, size: number): string {
  return `/media/t/${triggerId}?size=${size}`;
}

/** The preset of a kind on a drawing of ours. */
export function presetAddress(kind: string, preset: string, resolution: number, size: number): string {
  return `/media/k/${kind}/${encodeURIComponent(preset)}?resolution=${resolution}&size=${size}`;
}

/** What a scan found: its mask or trigger as a picture, or the feature as a file. */
export function scanFileAddress(scanId: string, file: 'mask' | 'trigger' | 'feature'): string {
  return `/media/c/${scanId}/${file}`;
}
