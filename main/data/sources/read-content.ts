import type { InnerSource, PictureSource } from '#contract/picture-source.ts';
import { readPictureFile } from '../pictures/picture-file.ts';
import { pictureFormatOf } from '../pictures/picture-format.ts';
import { parquetSource } from './parquet-source.ts';
import { planesSource } from './planes-source.ts';
import type { SourceContent, SourceDefinition } from './source-definition.ts';
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
 * What a source holds, not decoded.
 * @throws WorkbenchError `not-found` where its file is not there; `corrupt-file` where the file ends before
 */
export async function readContent(source: PictureSource): Promise<SourceContent> {
  return typeof source === 'string'
    ? { bytes: await readPictureFile(source) }
    : definitionOf(source).read(source);
}

/** A picture file's bytes as they lie in the source, unchanged, with the suffix of its format; plain pixels become PNG. */
export async function encodedOf(content: SourceContent): Promise<{ bytes: Buffer; suffix: string }> {
  if ('picture' in content) {
    // What writes pictures is large: threads that read JPEGs do without.
    const { encodePng } = await import('../pictures/decode-picture.ts');
    return { bytes: await encodePng(content.picture), suffix: 'png' };
  }
  const format = pictureFormatOf(content.bytes)?.toLowerCase() ?? 'bin';
  return { bytes: content.bytes, suffix: format === 'jpeg' ? 'jpg' : format };
}

/** {@link encodedOf} for what is in a source now. @throws WorkbenchError as readContent */
export async function readEncoded(source: PictureSource): Promise<{ bytes: Buffer; suffix: string }> {
  return encodedOf(await readContent(source));
}

/** Where a source is, for messages. */
export function describeSource(source: PictureSource): string {
  return typeof source === 'string' ? source : definitionOf(source).describe(source);
}
