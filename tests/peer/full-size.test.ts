import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { whyNoPeer } from './python-peer.ts';

/** Minutes and gigabytes: only where somebody names a Python for it. */
const refusal =
  process.env['CCW_PEER_PYTHON'] === undefined
    ? 'CCW_PEER_PYTHON names no Python with torch, open_clip and transformers'
    : whyNoPeer();
if (refusal !== null) console.warn(`Full-size models are not checked against Python: ${refusal}.`);

test.skipIf(refusal !== null)(
  'RN50 and ViT-B/32 of full size embed 20 pictures and captions as PyTorch does, before and after each export',
  async () => {
    const benchmark = fileURLToPath(new URL('../benchmarks/models.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [benchmark, '--check']);
    // Two imports, and three and four exports: a ResNet has no form in transformers.
    const rows = stdout.split('\n').filter((line) => /^\| (RN50|ViT)/.test(line));
    expect(rows).toHaveLength(9);
    for (const row of rows) {
      const [captions, pictures] = row.split('|').toReversed().slice(1, 3).map(Number);
      expect(Math.min(captions ?? 0, pictures ?? 0), row).toBeGreaterThanOrEqual(0.99999);
    }
  },
  1_800_000,
);
