import { fileURLToPath } from 'node:url';
import { type Answer, askProcess } from '../engine/ask-process.ts';

const probeFile = fileURLToPath(new URL('../../../scripts/setup/probe.mjs', import.meta.url));
export const childTimeoutMs = 60_000;

/** Loads native parts in a process of their own (scripts/setup/probe.mjs): what cannot run here ends that process only. */
export function runProbe(...args: string[]): Promise<Answer> {
  return askProcess(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', probeFile, ...args],
    childTimeoutMs,
  );
}
