import type { InnerSource, PictureSource } from '#contract/picture-source.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { decodeBytes, decodePicture, encodePng, readPictureFile } from '../pictures/decode-picture.ts';
import { pictureFormatOf } from '../pictures/picture-format.ts';
import { parquetSource } from './parquet-source.ts';
import { planesSource } from './planes-source.ts';
import type { SourceDefinition } from './source-definition.ts';
import { tarSource } from './tar-source.ts';

/** Every kind of source but a file of its own. */
const sources = {
  tar: tarSource,
  parquet: parquetSource,
  planes: planesSource,
} satisfies { [K in InnerSource['kind']]: SourceDefinition<Extract<InnerSource, { kind: K }>> };

/** The definition that fits a source: the registry's type says so for each kind. */
function definitionOf<S extends InnerSource>({ kind }: S): SourceDefinition<S> {
  return sources[kind] as SourceDefinition<S>;
}

/**
 * The picture of a source as decodePicture gives it.
 * @throws WorkbenchError `not-found` where its file is not there; `bad-input` or `corrupt-file` where it is no picture
 */
export async function readPicture(source: PictureSource): Promise<Picture> {
  if (typeof source === 'string') return decodePicture(source);
  const definition = definitionOf(source);
  const content = await definition.read(source);
  return 'picture' in content ? content.picture : decodeBytes(content.bytes, definition.describe(source));
}

/** A picture file's bytes as they lie in the source, unchanged, with the suffix of its format; plain pixels become PNG. */
export async function readEncoded(source: PictureSource): Promise<{ bytes: Buffer; suffix: string }> {
  const content =
    typeof source === 'string'
      ? { bytes: await readPictureFile(source) }
      : await definitionOf(source).read(source);
  if ('picture' in content) return { bytes: await encodePng(content.picture), suffix: 'png' };
  const format = pictureFormatOf(content.bytes)?.toLowerCase() ?? 'bin';
  return { bytes: content.bytes, suffix: format === 'jpeg' ? 'jpg' : format };
}

/** Where a source is, for messages. */
export function describeSource(source: PictureSource): string {
  return typeof source === 'string' ? source : definitionOf(source).describe(source);
}
