import { modelSpecSchema } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import type { ModelConfig } from '../open-model-file.ts';
import { readHuggingFaceConfig } from './hugging-face-config.ts';
import type { ModelNotes } from './model-notes.ts';
import { readOpenClipConfig } from './open-clip-config.ts';

/** The name of the workbench's own notes: in safetensors' metadata, in the dictionary of a PyTorch file. */
export const ownNotesName = 'cleanclip_workbench';

/**
 * Reads transformers' config.json, open_clip's open_clip_config.json or the workbench's own model.json and notes.
 * @throws WorkbenchError `bad-input` where it describes what the engine does not run
 */
export function readModelNotes(
  path: string,
  config: ModelConfig,
  fileNotes: Record<string, string>,
): ModelNotes {
  const refuse = (reason: string) =>
    new WorkbenchError('bad-input', `${path} cannot be run here: ${reason}.`, { path, reason });
  const own = modelSpecSchema.safeParse(tryParseJson(fileNotes[ownNotesName] ?? '') ?? config.model);
  if (own.success) return { spec: own.data, activation: own.data.clip.activation ?? 'quick_gelu' };
  return readHuggingFaceConfig(config, refuse) ?? readOpenClipConfig(config, refuse) ?? {};
}
