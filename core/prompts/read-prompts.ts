import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { tryParseJson } from '../json/try-parse-json.ts';

const listSchema = z.array(z.string());
const setSchema = z
  .object({ templates: listSchema.optional(), prompts: listSchema.optional() })
  .transform(({ templates, prompts }) => templates ?? prompts);

/**
 * Prompts or caption templates from a file's text: one a line, or JSON as sets are published, a list or an object with
 * `templates` or `prompts`. Empty lines are left out.
 * @throws WorkbenchError `bad-input` for JSON that holds no list of texts
 */
export function readPromptText(text: string): string[] {
  const isJson = /^\s*(\[|\{\s*")/.test(text);
  return isJson ? trimmed(readJson(text)) : linesIn(text);
}

const linesIn = (text: string): string[] => trimmed(text.split(/\r?\n/));
const trimmed = (lines: readonly string[]): string[] =>
  lines.map((line) => line.trim()).filter((line) => line !== '');

/** Prompts as a person writes them, one a line. */
export const promptsIn = (text: string): string[] => toPrompts(linesIn(text));

/** `{class}`, as caption templates may write it, is `{}` in prompts. */
export const toPrompts = (templates: readonly string[]): string[] =>
  templates.map((template) => template.replaceAll('{class}', '{}'));

function readJson(text: string): string[] {
  const parsed = z.union([listSchema, setSchema]).safeParse(tryParseJson(text));
  if (parsed.success && parsed.data !== undefined) return parsed.data;
  throw new WorkbenchError(
    'bad-input',
    'It begins as JSON, but is neither a list of prompts nor an object with a list `templates` or `prompts`: write one prompt a line, or fix the JSON.',
  );
}
