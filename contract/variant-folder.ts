import { z } from 'zod';
import { datasetSourceSchema } from './dataset.ts';
import { type Recipe, recipePartSchema, recipeSchema } from './variant.ts';

/** What the manifest.json of an exported variant begins with. */
export const variantFolderFormat = 'cleanclip-workbench-variant-1';

/**
 * A recipe as manifests spell it, and as their hash is made of: its first part stands in it, the others below
 * `furtherParts`. Folders and hashes of the first version stay what they are.
 */
export function toManifestRecipe({ parts: [first, ...furtherParts], resolution, seed }: Recipe) {
  return { ...first, resolution, seed, ...(furtherParts.length === 0 ? {} : { furtherParts }) };
}

/** Reads what {@link toManifestRecipe} gives. */
export const manifestRecipeSchema = recipePartSchema
  .safeExtend({
    resolution: recipeSchema.shape.resolution,
    seed: recipeSchema.shape.seed,
    furtherParts: z.array(recipePartSchema).optional(),
  })
  .transform(({ resolution, seed, furtherParts = [], ...first }) => ({
    parts: [first, ...furtherParts],
    resolution,
    seed,
  }))
  .pipe(recipeSchema);

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
  recipe: manifestRecipeSchema,
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
export type VariantFolder = z.output<typeof variantFolderSchema>;
/** As it is written. */
export type WrittenVariantFolder = z.input<typeof variantFolderSchema>;
