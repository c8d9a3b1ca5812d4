import fs from 'node:fs';
import os from 'node:os';

const heartbeatMs = 2_000;
const silentAfterMs = 300_000;
const waitMs = 250;

/**
 * Runs `work` while no other process does so under the same lock file. The file names its process, and the ones that
 * `work` starts and adds with its argument: they may outlive it. A lock whose processes have all ended, or that
 * nobody has touched for five minutes (its numbers may belong to others by now), counts for nothing. `onWait` is
 * called once if another process holds the lock.
 */
export async function withLock(file, onWait, work) {
  const holder = { host: os.hostname(), pids: [process.pid], time: Date.now() };
  for (let waited = false; !tryCreate(file, JSON.stringify(holder)); ) {
    if (isStale(file)) {
      removeStale(file);
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  const isOurs = () => readOrNull(file) === JSON.stringify(holder);
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  const addProcess = (pid) => {
    if (!isOurs()) return;
    holder.pids.push(pid);
    fs.writeFileSync(file, JSON.stringify(holder));
  };
  try {
    return await work(addProcess);
  } finally {
    clearInterval(heartbeat);
    if (isOurs()) fs.rmSync(file, { force: true });
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
    const { pids, host } = JSON.parse(readOrNull(file) ?? '');
    return host === os.hostname() && !pids.some(isAlive);
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
