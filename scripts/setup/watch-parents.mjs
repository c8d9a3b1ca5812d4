import { readFileSync } from 'node:fs';

/** A program notices within this time that what started it is gone. */
const lookMs = 1_000;

/** Environment variable by which bootstrap.mjs says to the program that it started it. */
export const parentVariable = 'CCW_PARENT';

/**
 * Calls `gone` once when a process above this one is gone: the one that started it, and the one above that where
 * `generations` is 2 (npm starts a shell, which starts us). The system gives orphans another parent.
 * @returns what ends the watch
 */
export function watchParents(generations, gone) {
  const before = lineage(generations);
  const timer = setInterval(() => {
    if (lineage(generations) === before) return;
    clearInterval(timer);
    gone();
  }, lookMs);
  timer.unref();
  return () => clearInterval(timer);
}

function lineage(generations) {
  const parent = process.ppid;
  return generations < 2 ? `${parent}` : `${parent} ${parentOf(parent)}`;
}

/** The parent of a process, where the system has /proc; else nothing. */
function parentOf(pid) {
  try {
    // PID (NAME) STATE PARENT ...: a name may hold spaces and brackets.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1).trim().split(' ')[1];
  } catch {
    return '';
  }
}
