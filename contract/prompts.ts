import { z } from 'zod';

/** Most prompts that a class is written in. */
export const mostPrompts = 1000;

/** What is wrong with prompts, in words; null where nothing is. */
export function findPromptFault(prompts: readonly string[]): string | null {
  if (prompts.length === 0) return 'Write at least one prompt.';
  if (prompts.length > mostPrompts) return `At most ${mostPrompts} prompts; these are ${prompts.length}.`;
  const wrong = prompts.findIndex((prompt) => prompt.split('{}').length !== 2);
  return wrong === -1
    ? null
    : `Prompt ${wrong + 1}, '${prompts[wrong]?.slice(0, 80)}', must have {} once, where the class goes.`;
}

/** Zero-shot prompts: each has {} once, where the class goes. */
export const promptsSchema = z.array(z.string().max(1000)).superRefine((prompts, context) => {
  const fault = findPromptFault(prompts);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});
