import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./peer.py', import.meta.url));

/** A Python to compare with: CCW_PEER_PYTHON, or python3. */
export const peerPython = process.env['CCW_PEER_PYTHON'] ?? 'python3';

/** Why the peer cannot be asked; null where it can. */
export function whyNoPeer(): string | null {
  const modules = 'torch, open_clip, transformers, safetensors, PIL';
  const found = spawnSync(peerPython, [
    '-c',
    `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in "${modules}".split(", ")))`,
  ]);
  if (found.status === 0) return null;
  return `${peerPython} lacks one of ${modules}: set CCW_PEER_PYTHON to a Python that has them.`;
}

/** Runs one task of peer.py. @throws Error with what Python said */
export function askPeer(task: Record<string, unknown>): Record<string, unknown> {
  const { status, stdout, stderr } = spawnSync(peerPython, [script], {
    input: JSON.stringify(task),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status === 0) return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  throw new Error(`peer.py ended with ${status}: ${stderr.trim().split('\n').slice(-4).join('\n')}`);
}
