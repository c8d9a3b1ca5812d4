import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSafetensors, writeSafetensors } from '#main/engine/checkpoints/safetensors.ts';

/** The unchanged figures of the reference implementation. */
export const referenceFolder = path.join(import.meta.dirname, '../fixtures/reference');

/** A copy of some files or folders of the figures, to be changed; {@link FigureCopies.remove} deletes all copies. */
export interface FigureCopies {
  copy(...names: string[]): string;
  remove(): void;
}

export function createFigureCopies(): FigureCopies {
  const root = mkdtempSync(path.join(tmpdir(), 'figures-'));
  let made = 0;
  return {
    copy(...names) {
      const folder = path.join(root, String(made++));
      mkdirSync(folder);
      for (const name of names) {
        cpSync(path.join(referenceFolder, name), path.join(folder, name), { recursive: true });
      }
      return folder;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Changes a JSON file in place. */
export function changeJson<T>(file: string, change: (content: T) => void): void {
  const content: T = JSON.parse(readFileSync(file, 'utf8'));
  change(content);
  writeFileSync(file, JSON.stringify(content));
}

/** Adds to one value of one tensor of a safetensors file, in place. */
export function changeTensor(file: string, name: string, at: number, by: number): void {
  const tensors = readSafetensors(file);
  const data = tensors.get(name)?.data;
  if (!(data instanceof Float32Array || data instanceof Int32Array))
    throw new Error(`${name} holds no numbers`);
  data[at] = data[at]! + by;
  writeSafetensors(file, tensors);
}
