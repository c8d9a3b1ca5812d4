import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ModelSpec, modelSpecSchema } from '#contract/clip-config.ts';
import { WorkbenchError } from '#contract/errors.ts';
import { tryParseJson } from '#core/json/try-parse-json.ts';
import { writeHashes } from '#main/data/files/checkpoint-hashes.ts';
import { readRegularFile } from '#main/data/files/open-regular-file.ts';
import { replaceFolder, unfinishedFolder } from '#main/data/files/replace-folder.ts';

/** Names of the files of a checkpoint folder. */
export const checkpointFiles = {
  weights: 'weights.safetensors',
  optimiser: 'optimiser.safetensors',
  spec: 'model.json',
  /** A method's own state, to go on from. */
  methodTensors: 'method.safetensors',
  methodPlan: 'method.json',
} as const;

const maxSpecBytes = 64 * 1024 ** 2;

/**
 * Writes a checkpoint whole or not at all, with the hashes of its files: into a folder beside `folder` first, which
 * then takes its name.
 * @param writeTensors writes weights (and optimiser state) into the folder it is given and returns the weights' hash
 */
export async function writeCheckpoint(
  folder: string,
  spec: ModelSpec,
  writeTensors: (folder: string) => Promise<string>,
): Promise<string> {
  const unfinished = unfinishedFolder(folder);
  await rm(unfinished, { recursive: true, force: true });
  // Folders above are not made: they are gone where somebody removed the workspace.
  await mkdir(unfinished);
  const description = `${JSON.stringify(spec, null, 1)}\n`;
  await writeFile(path.join(unfinished, checkpointFiles.spec), description, { flush: true });
  const weightsSha256 = await writeTensors(unfinished);
  await writeHashes(unfinished, { [checkpointFiles.weights]: weightsSha256 });
  await replaceFolder(folder);
  return weightsSha256;
}

/** @throws WorkbenchError `not-found` or `corrupt-file`, naming the file */
export async function readModelSpec(folder: string): Promise<ModelSpec> {
  const file = path.join(folder, checkpointFiles.spec);
  if (!existsSync(file)) {
    throw new WorkbenchError(
      'not-found',
      `There is no model in ${folder}: ${checkpointFiles.spec} is missing.`,
      { file },
    );
  }
  const parsed = modelSpecSchema.safeParse(
    tryParseJson((await readRegularFile(file, maxSpecBytes)).toString('utf8')),
  );
  if (parsed.success) return parsed.data;
  const message = `${file} does not describe a model: ${parsed.error.issues[0]?.message ?? 'not JSON'}.`;
  throw new WorkbenchError('corrupt-file', message, { file });
}
