import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import { readRegularFileSync } from '#main/data/files/open-regular-file.ts';
import { configNamesFor, findWeightFile, isLayoutName, preprocessorName } from './model-folder-layouts.ts';
import { quote, shorten } from './quote.ts';
import { openRandomAccess } from './random-access-file.ts';
import { openSafetensors } from './safetensors.ts';
import type { SourceTensor, TensorSource } from './tensor-source.ts';
import { openTorchLegacy, openTorchZip } from './torch/open-torch.ts';

/** JSON files beside the weights, parsed; null where there is none. */
export interface ModelConfig {
  /** The name of the config, for messages. */
  name: string | null;
  /** config.json of Hugging Face, open_clip_config.json or the workbench's model.json. */
  model: unknown;
  /** preprocessor_config.json of Hugging Face. */
  preprocessor: unknown;
}

/** A model on disk: its weights, and what stands beside them. */
export interface OpenModel {
  source: TensorSource;
  /** The files that were opened, absolute; the first is the one to name. */
  files: string[];
  /** What stands beside the weights. */
  config: ModelConfig;
  close(): void;
}

const largestJsonBytes = 16 << 20;
const largestShards = 1000;

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens a model file (safetensors, PyTorch's zip or legacy files, TorchScript archives), an index of several, or a
 * folder with one as Hugging Face and open_clip lay it out. A config is read from the same folder. What kind of file it
 * is follows from its first bytes, never from its name.
 * @throws WorkbenchError `not-found`, `bad-input` where there is nothing to open, `corrupt-file` for a damaged or hostile file
 */
export function openModelFile(given: string): OpenModel {
  const chosen = path.resolve(given);
  if (!existsSync(chosen)) {
    throw new WorkbenchError('not-found', `There is no model file or folder at ${chosen}.`, { path: chosen });
  }
  const isFolder = statSync(chosen).isDirectory();
  const file = isFolder ? findWeightFile(chosen) : chosen;
  const config = isFolder || isLayoutName(path.basename(file)) ? readConfigs(file) : noConfig;
  if (file.endsWith('.index.json')) return openShards(file, config);
  const source = openOne(file);
  return { source, files: [file], config, close: source.close };
}

/** A config counts only for a folder of its own: beside epoch_3.pt of many runs lies anything. */
const noConfig: ModelConfig = { name: null, model: null, preprocessor: null };

function readConfigs(weights: string): ModelConfig {
  const folder = path.dirname(weights);
  const name = configNamesFor(path.basename(weights)).find((one) => existsSync(path.join(folder, one)));
  const preprocessor = path.join(folder, preprocessorName);
  return {
    name: name ?? null,
    model: name === undefined ? null : readJson(path.join(folder, name)),
    preprocessor: existsSync(preprocessor) ? readJson(preprocessor) : null,
  };
}

/** @throws WorkbenchError `corrupt-file` where it is not JSON */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readRegularFileSync(file, largestJsonBytes).toString('utf8'));
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause;
    throw new WorkbenchError('corrupt-file', `${file} is not JSON.`, { path: file }, { cause });
  }
}

function openOne(file: string): TensorSource {
  const opened = openRandomAccess(file, 'model file');
  try {
    const head = opened.read(0, Math.min(9, opened.bytes));
    if (!looksLikeSafetensors(head)) {
      if (head[0] === 0x50 && head[1] === 0x4b) return openTorchZip(opened); // PK
      if (head[0] === 0x80) return openTorchLegacy(opened); // a pickle's first instruction
      if (Buffer.from(head).toString('latin1') === 'version h') throw refusePointer(file); // of https://git-lfs...
      throw new WorkbenchError(
        'bad-input',
        `${file} is no model file: it begins neither as safetensors nor as a file of PyTorch.`,
        { path: file },
      );
    }
  } catch (error) {
    opened.close();
    throw error;
  }
  opened.close();
  const { tensors, notes, close } = openSafetensors(file);
  return {
    format: 'safetensors',
    tensors,
    notes,
    optimiserGroups: null,
    optimiserState: new Map(),
    moduleNames: [],
    close,
  };
}

function refusePointer(file: string): WorkbenchError {
  return new WorkbenchError(
    'bad-input',
    `${file} is no model file but a pointer of Git LFS to one: fetch the file itself with git lfs pull, or download it.`,
    { path: file },
  );
}

/** A header's length in 8 bytes, of which the last five are 0, then a brace. */
function looksLikeSafetensors(head: Uint8Array): boolean {
  return head[8] === 0x7b && head.subarray(3, 8).every((byte) => byte === 0);
}

/** Weights in several files, with an index of which tensor is where; each file must hold what the index says. */
function openShards(index: string, config: ModelConfig): OpenModel {
  const refuse = (reason: string) =>
    new WorkbenchError('corrupt-file', `${index} is not a whole index of weights: ${reason}.`, {
      path: index,
      reason,
    });
  const parsed = indexSchema.safeParse(readJson(index));
  if (!parsed.success) throw refuse('it has no weight_map');
  const places = Object.entries(parsed.data.weight_map);
  const names = [...new Set(places.map(([, file]) => file))];
  if (names.length === 0 || names.length > largestShards) throw refuse(`it names ${names.length} files`);
  const outside = names.find((name) => path.basename(name) !== name);
  if (outside !== undefined) throw refuse(`${quote(outside)} lies outside its folder`);
  const sources = new Map<string, TensorSource>();
  const close = () => {
    for (const source of sources.values()) source.close();
  };
  try {
    for (const name of names) sources.set(name, openOne(path.join(path.dirname(index), name)));
    const tensors = new Map<string, SourceTensor>();
    for (const [tensor, file] of places) {
      const found = sources.get(file)?.tensors.get(tensor);
      if (found === undefined) throw refuse(`${shorten(file)} does not hold ${shorten(tensor)}`);
      tensors.set(tensor, found);
    }
    for (const [file, source] of sources) {
      const extra = [...source.tensors.keys()].find((tensor) => parsed.data.weight_map[tensor] !== file);
      if (extra !== undefined) throw refuse(`it does not name ${shorten(extra)} of ${shorten(file)}`);
    }
    const [first] = [...sources.values()];
    const files = [index, ...names.map((name) => path.join(path.dirname(index), name))];
    return { source: { ...first!, tensors, close }, files, config, close };
  } catch (error) {
    close();
    throw error;
  }
}
