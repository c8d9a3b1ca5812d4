import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '#contract/errors.ts';
import {
  type StoredTrigger,
  type Trigger,
  type TriggerKind,
  triggerKinds,
  triggerSchema,
} from '#contract/trigger.ts';
import type { Picture } from '#core/pixels/picture.ts';
import { comparePictures, type PictureDifference } from '#core/pixels/picture-metrics.ts';
import { resizeBicubic } from '#core/pixels/resize.ts';
import { listPresets, renderTriggered, triggerDefinitions } from '#core/triggers/trigger-registry.ts';
import { findTrigger, listTriggers, saveTrigger } from '#db/triggers.ts';
import { decodePicture, encodePng } from '#main/data/decode-picture.ts';
import type { Workspace } from './workspace.ts';

/** What is known of a kind of trigger. */
export interface TriggerKindView {
  kind: TriggerKind;
  title: string;
  description: string;
  source: string;
  /** JSON Schema of the parameters, with ranges and descriptions. */
  parameters: unknown;
  presets: { name: string; trigger: Trigger }[];
}

/** Every kind of trigger with its presets at a resolution, and the triggers that the person keeps. */
export function showTriggers(
  { db }: Workspace,
  resolution: number,
): { kinds: TriggerKindView[]; stored: StoredTrigger[] } {
  const kinds = triggerKinds.map((kind) => describeKind(kind, resolution));
  return { kinds, stored: listTriggers(db) };
}

/** @throws WorkbenchError `not-found` for an unknown kind */
export function describeKind(kind: TriggerKind, resolution: number): TriggerKindView {
  const { title, description, source } = triggerDefinitions[kind];
  const schema = triggerSchema.options.find(({ shape }) => shape.kind.value === kind);
  const parameters = schema === undefined ? {} : z.toJSONSchema(schema, { io: 'input' });
  return { kind, title, description, source, parameters, presets: listPresets(kind, resolution) };
}

/** Whether a text names a kind of trigger. */
export const isTriggerKind = (text: string): text is TriggerKind =>
  triggerKinds.some((kind) => kind === text);

/** The trigger of this id, or the newest version under this name. @throws WorkbenchError `not-found` */
export const showTrigger = ({ db }: Workspace, nameOrId: string): StoredTrigger => findTrigger(db, nameOrId);

/**
 * A trigger of a kind from parameters that a person gave: those left out are the default preset's.
 * @param parameters JSON text of an object
 * @throws WorkbenchError `bad-input`, naming the parameter and what it allows
 */
export function readTrigger(kind: TriggerKind, parameters: string, resolution: number): Trigger {
  const given = z.record(z.string(), z.unknown()).safeParse(parseJson(parameters, 'The parameters'));
  if (!given.success) {
    throw new WorkbenchError('bad-input', 'The parameters must be a JSON object such as {"alpha":0.2}.');
  }
  const known = { ...listPresets(kind, resolution)[0].trigger, ...given.data, kind };
  return checkTrigger(known, 'The parameters');
}

/** Where a trigger's pictures are put: a trigger, the recipe's resolution and seed, and the key of the record. */
export interface PreviewRequest {
  trigger: Trigger;
  /** Path of the picture. */
  image: string;
  /** Path of the PNG file to write. */
  out: string;
  resolution: number;
  seed: number;
  /** Decides what differs from picture to picture; null takes the file's name. */
  key: string | null;
}

/**
 * Writes a picture with the trigger on it, by the code that training uses.
 * @returns its size and how far it is from the same picture without the trigger
 * @throws WorkbenchError `not-found` or `bad-input` for the picture; `bad-input` where the trigger does not fit or the
 *   file cannot be written
 */
export async function previewTrigger(
  request: PreviewRequest,
): Promise<{ width: number; height: number; difference: PictureDifference }> {
  const { trigger, resolution, seed } = request;
  const picture = await decodePicture(request.image);
  const key = request.key ?? basename(request.image);
  const rendered = renderTriggered(picture, { trigger, resolution, seed }, key);
  const clean = trigger.apply === 'before' ? picture : resizeBicubic(picture, resolution, resolution);
  writeFile(request.out, await encodePng(rendered));
  const { width, height } = rendered;
  return { width, height, difference: comparePictures(clean, rendered) };
}

/** What `trigger export` writes and `trigger import` reads. */
const triggerFileSchema = z.object({
  format: z.literal('cleanclip-workbench/trigger'),
  version: z.literal(1),
  name: z.string(),
  trigger: z.unknown(),
});

/**
 * Writes a kept trigger as a JSON file and, beside it, a PNG of the trigger on grey at `resolution`.
 * @param out path of the JSON file; the picture has the same name with .png
 */
export async function exportTrigger(
  workspace: Workspace,
  nameOrId: string,
  out: string,
  resolution: number,
): Promise<{ stored: StoredTrigger; json: string; png: string }> {
  const stored = findTrigger(workspace.db, nameOrId);
  const { name, trigger } = stored;
  const file = { format: 'cleanclip-workbench/trigger', version: 1, name, trigger };
  const png = `${out.replace(/\.json$/i, '')}.png`;
  const picture = await encodePng(renderOnGrey(trigger, resolution));
  writeFile(out, `${JSON.stringify(file, null, 2)}\n`);
  writeFile(png, picture);
  return { stored, json: out, png };
}

/**
 * Keeps the trigger of a file that {@link exportTrigger} wrote.
 * @param name null takes the file's own
 * @throws WorkbenchError `not-found`; `bad-input` where the file is of another form
 */
export function importTrigger({ db }: Workspace, path: string, name: string | null): StoredTrigger {
  const parsed = triggerFileSchema.safeParse(parseJson(readFile(path), `The file ${path}`));
  if (!parsed.success) {
    throw new WorkbenchError(
      'bad-input',
      `${path} is no trigger file (${describeIssue(parsed.error)}): use one that trigger export wrote.`,
      { path },
    );
  }
  return saveTrigger(db, name ?? parsed.data.name, checkTrigger(parsed.data.trigger, `The file ${path}`));
}

/** Keeps a trigger under a name; a taken name gets its next version. */
export const keepTrigger = ({ db }: Workspace, name: string, trigger: Trigger): StoredTrigger =>
  saveTrigger(db, name, trigger);

const middleGrey = 128;

function renderOnGrey(trigger: Trigger, resolution: number): Picture {
  const data = new Uint8Array(resolution * resolution * 3).fill(middleGrey);
  const grey = { width: resolution, height: resolution, data };
  return renderTriggered(grey, { trigger, resolution, seed: 0 }, 'grey');
}

function checkTrigger(value: unknown, what: string): Trigger {
  const parsed = triggerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError(
    'bad-input',
    `${what} make no trigger: ${describeIssue(parsed.error)}. 'ccw trigger show KIND' lists what each parameter allows.`,
    { issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) },
  );
}

function describeIssue(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError('bad-input', `${what} cannot be read as JSON: ${reason}.`, {}, { cause });
  }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new WorkbenchError('not-found', `The trigger file ${path} cannot be read.`, { path }, { cause });
  }
}

function writeFile(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkbenchError(
      'bad-input',
      `${path} cannot be written (${reason}): name a file in a folder that exists.`,
      { path },
      { cause },
    );
  }
}
