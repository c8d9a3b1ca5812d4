import { z } from 'zod';
import { datasetSourceSchema } from './dataset.ts';
import { recipeSchema } from './variant.ts';

/** What the manifest.json of an exported variant begins with. */
export const variantFolderFormat = 'cleanclip-workbench-variant-1';

const liesInside = (path: string) => !/^([/\\]|[a-z]:)/i.test(path) && !path.split(/[/\\]/).includes('..');

/** manifest.json: all that brings an exported variant back. Paths are relative to its folder, with `/`. */
export const variantFolderSchema = z.object({
  format: z.literal(variantFolderFormat),
  /** Name and version of the program that wrote it. */
  program: z.string(),
  exportedAt: z.string(),
  name: z.string(),
  /** Over the recipe and each changed record: see main/workbench/manifest. */
  manifestSha256: z.string().length(64),
  recipe: recipeSchema,
  dataset: z.object({
    name: z.string(),
    /** Folder that keys are relative to where it was exported; for clean pictures that were copied, `images` is. */
    root: z.string(),
    source: datasetSourceSchema,
    prompts: z.array(z.string()),
    captionTemplates: z.array(z.string()),
    records: z.number().int(),
  }),
  cleanPictures: z.enum(['copy', 'reference']),
  columns: z.object({ image: z.string(), caption: z.string() }),
  separator: z.enum([',', '\t']),
  records: z.array(
    z.object({
      key: z.string(),
      oldCaption: z.string(),
      newCaption: z.string(),
      renderedSha256: z.string().length(64),
      part: z.number().int().min(0),
      /** The picture with the trigger; a path that leaves the folder is refused. */
      file: z.string().refine(liesInside, 'must be a path inside the folder'),
    }),
  ),
});
export type VariantFolder = z.infer<typeof variantFolderSchema>;
