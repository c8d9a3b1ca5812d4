// Loaded before the program. One Ctrl-C reaches it several times: from the terminal, which signals every process in
// the foreground, and handed on by npm and by bootstrap.mjs, which cannot know what the terminal did. To the
// program they are one. Where bootstrap.mjs is killed, the program is asked to stop as by SIGTERM.
import { parentVariable, watchParents } from './watch-parents.mjs';

const sameWithinMs = 500;
const lastMs = new Map();
const emit = process.emit;
let asked = false;

process.emit = function emitOnce(name, ...args) {
  if (name === 'SIGINT' || name === 'SIGTERM' || name === 'SIGHUP') {
    asked = true;
    const now = performance.now();
    const before = lastMs.get(name);
    lastMs.set(name, now);
    if (before !== undefined && now - before < sameWithinMs) return true;
  }
  return emit.call(this, name, ...args);
};

const parent = process.env[parentVariable];
// Programs that this one starts are watched by their own means.
delete process.env[parentVariable];
if (parent === `${process.ppid}`) {
  watchParents(1, () => {
    // Who was asked already would take this for a second time, which stops at once.
    if (!asked) process.kill(process.pid, 'SIGTERM');
  });
}
