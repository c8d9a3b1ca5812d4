// Loaded before the program. One Ctrl-C reaches it several times: from the terminal, which signals every process in
// the foreground, and handed on by npm and by bootstrap.mjs, which cannot know what the terminal did. To the
// program they are one.

const sameWithinMs = 500;
const lastMs = new Map();
const emit = process.emit;

process.emit = function emitOnce(name, ...args) {
  if (name === 'SIGINT' || name === 'SIGTERM') {
    const now = performance.now();
    const before = lastMs.get(name);
    lastMs.set(name, now);
    if (before !== undefined && now - before < sameWithinMs) return true;
  }
  return emit.call(this, name, ...args);
};
