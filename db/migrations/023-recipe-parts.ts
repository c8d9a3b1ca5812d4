import type { Migration } from './migration.ts';

/**
 * The parts of a recipe are a list: until now the first stood in the recipe itself, and the others below
 * `furtherParts`. Hashes of manifests stay, since they are made of the spelling of before (contract/variant-folder.ts).
 */
export const recipeParts: Migration = {
  version: 23,
  sql: `
UPDATE variants SET recipe = json_object(
  'parts', json((SELECT json_group_array(json(part) ORDER BY place) FROM (
    SELECT 0 AS place, json_remove(variants.recipe, '$.resolution', '$.seed', '$.furtherParts') AS part
    UNION ALL SELECT key + 1, value FROM json_each(variants.recipe, '$.furtherParts')))),
  'resolution', json(recipe -> '$.resolution'),
  'seed', json(recipe -> '$.seed'));
`,
};
