import type { Picture } from '#core/pixels/picture.ts';

/** What a source holds: a picture file's bytes, or pixels. */
export type SourceContent = { bytes: Buffer } | { picture: Picture };

/** How one kind of source is read; `path` is absolute. */
export interface SourceDefinition<S> {
  /** @throws WorkbenchError `not-found` without the file; `bad-input` or `corrupt-file` where it does not hold the picture */
  read(source: S): Promise<SourceContent>;
  /** In words, for messages: the file and the place in it. */
  describe(source: S): string;
}
