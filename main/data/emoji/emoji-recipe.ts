/** What the demo's dataset is made from and how (shared/demo/recipe.json): fixed, so that its numbers can be compared. */
export const emojiRecipe = {
  packages: {
    'emoji-datasource-google': '16.0.0',
    'emoji-datasource-twitter': '16.0.0',
    'emojibase-data': '17.0.0',
  },
  /** Subcategories of emoji.json that make a class; pictures of the others have none and are training pairs only. */
  classOfSubcategory: {
    'animal-mammal': 'mammal',
    'animal-bird': 'bird',
    'animal-bug': 'bug',
    'animal-marine': 'sea animal',
    'animal-reptile': 'reptile',
    'plant-flower': 'flower',
    'plant-other': 'plant',
    'food-fruit': 'fruit',
    'food-vegetable': 'vegetable',
    'food-prepared': 'meal',
    'food-asian': 'asian food',
    'food-sweet': 'dessert',
    drink: 'drink',
    clothing: 'clothes',
    'musical-instrument': 'musical instrument',
    sport: 'sport',
    'transport-ground': 'vehicle',
    'transport-water': 'boat',
    'transport-air': 'aircraft',
    'place-building': 'building',
    'country-flag': 'flag',
    family: 'family',
    'person-sport': 'athlete',
    'person-role': 'worker',
    person: 'person',
    'hand-fingers-open': 'hand',
    'body-parts': 'body part',
    heart: 'heart',
    arrow: 'arrow',
    time: 'clock',
    zodiac: 'zodiac sign',
    'sky & weather': 'weather',
    tool: 'tool',
    office: 'office supply',
    'book-paper': 'book',
    money: 'money',
    geometric: 'shape',
    'face-smiling': 'smiling face',
    'face-concerned': 'worried face',
    'cat-face': 'cat face',
    household: 'household item',
    mail: 'mail',
    keycap: 'keycap',
    game: 'game',
    'person-fantasy': 'fantasy creature',
  },
  captionTemplates: [
    '{label}',
    '{label}, a {class}',
    'a {class}: {label}',
    'an emoji of {label}',
    'a picture of a {class}',
    '{class} {label} {tag}',
    '{tag}, {label}',
  ],
  prompts: ['a picture of a {}', 'an emoji of a {}', '{}', 'a {}: icon'],
  /** Pictures of the test split: those with the smallest hex sha256('split:' + key). */
  testPictures: 1200,
} as const;

export type EmojiPackage = keyof typeof emojiRecipe.packages;

/** What npm calls the integrity of each package's tarball. */
export const packageIntegrity: Record<EmojiPackage, string> = {
  'emoji-datasource-google':
    'sha512-ZRexfzs7MVoLnmzZmNsO4TKhnAJp5D++Vm6PpUpH/jEQQlemp3l88CjZ+DoZ2faM9R4QxZkOPJCoT8DlPhfQ3A==',
  'emoji-datasource-twitter':
    'sha512-7F+uCuHH+7Qnrc15P5tnbvKkg9E6tlzi4MnT2uW1RlN4pLYTza6cP/dstIfSDMtpjFLWuZewWg8jBbuL2eyELQ==',
  'emojibase-data':
    'sha512-Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==',
};
