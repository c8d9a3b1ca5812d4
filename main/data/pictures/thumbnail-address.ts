import sharp from 'sharp';
import type { Picture } from '#core/pixels/picture.ts';

/** A picture made small, as a data: address for a list; '' where it cannot be read. @param side pixels */
export async function toThumbnailAddress(read: () => Promise<Picture>, side: number): Promise<string> {
  try {
    const { width, height, data } = await read();
    const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 75 })
      .toBuffer();
    return `data:image/webp;base64,${bytes.toString('base64')}`;
  } catch {
    return '';
  }
}
