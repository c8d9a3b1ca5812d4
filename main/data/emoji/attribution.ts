import { emojiRecipe } from './emoji-recipe.ts';

const { packages } = emojiRecipe;

/** Said beside the pictures, as their licences ask. The packages' own licences and notes lie in the folder licences. */
export const attribution = `# Emoji: where these pictures and words come from

Made by CleanCLIP Workbench from npm packages; the folder licences holds the packages' own licence and notes.

- google/: Noto Emoji, copyright Google LLC, under the Apache License 2.0 (https://www.apache.org/licenses/LICENSE-2.0;
  the fonts under the SIL Open Font License 1.1), https://github.com/googlefonts/noto-emoji, through
  emoji-datasource-google ${packages['emoji-datasource-google']} (MIT, Cal Henderson).
- twitter/: Twemoji, copyright Twitter, Inc. and other contributors, under CC BY 4.0
  (https://creativecommons.org/licenses/by/4.0/), https://github.com/jdecked/twemoji, through
  emoji-datasource-twitter ${packages['emoji-datasource-twitter']} (MIT, Cal Henderson).
- tables/: emoji.json of those packages (MIT), and names and keywords of emojibase-data ${packages['emojibase-data']}
  (MIT, Miles Johnson).

Changes: the pictures were laid on white and saved as RGB; captions, classes and the split were made from the tables.
`;
