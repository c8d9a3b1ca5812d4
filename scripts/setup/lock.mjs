import fs from 'node:fs';
import os from 'node:os';

const heartbeatMs = 2_000;
const silentAfterMs = 60_000;
const waitMs = 250;

/**
 * Runs `work` while no other process does so under the same lock file. The file names its process; one whose
 * process has ended, or that nobody has touched for a minute, counts for nothing. `onWait` is called once if
 * another process holds the lock.
 */
export async function withLock(file, onWait, work) {
  const content = JSON.stringify({ pid: process.pid, host: os.hostname(), time: Date.now() });
  for (let waited = false; !tryCreate(file, content); ) {
    if (isStale(file)) {
      removeStale(file);
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  const release = () => {
    if (readOrNull(file) === content) fs.rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

function tryCreate(file, content) {
  try {
    fs.writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(file) {
  let ageMs;
  try {
    ageMs = Date.now() - fs.statSync(file).mtimeMs;
  } catch {
    return false;
  }
  if (ageMs > silentAfterMs) return true;
  try {
    const { pid, host } = JSON.parse(readOrNull(file) ?? '');
    return host === os.hostname() && !isAlive(pid);
  } catch {
    return false; // just being written
  }
}

/** Of several processes that found the lock stale, renaming lets one take it away. */
function removeStale(file) {
  const away = `${file}.${process.pid}.stale`;
  try {
    fs.renameSync(file, away);
  } catch {
    return;
  }
  // Another process may have replaced the stale lock by its own between our look and our renaming.
  if (!isStale(away)) {
    try {
      fs.linkSync(away, file);
    } catch {}
  }
  fs.rmSync(away, { force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readOrNull(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function touch(file) {
  try {
    const now = new Date();
    fs.utimesSync(file, now, now);
  } catch {}
}
