/** Prompts from a text field: one a line, empty lines left out. */
export const readPrompts = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What is wrong with prompts, in words; null where nothing is. */
export function checkPrompts(prompts: readonly string[]): string | null {
  if (prompts.length === 0) return 'Write at least one prompt.';
  if (prompts.length > 200) return `At most 200 prompts; these are ${prompts.length}.`;
  const wrong = prompts.findIndex((prompt) => !prompt.includes('{}'));
  return wrong === -1 ? null : `Prompt ${wrong + 1} has no {} where the class name goes.`;
}
