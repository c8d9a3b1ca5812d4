import sharp from 'sharp';

/** A picture file made small, as a data: address for a list; '' where it cannot be decoded. @param side pixels */
export async function toThumbnailAddress(path: string, side: number): Promise<string> {
  try {
    const bytes = await sharp(path)
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 75 })
      .toBuffer();
    return `data:image/webp;base64,${bytes.toString('base64')}`;
  } catch {
    return '';
  }
}
