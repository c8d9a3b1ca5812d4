import { execFileSync } from 'node:child_process';
import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resumeRun, showRun, startRun } from '#main/workbench/runs/runs.ts';
import { openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder, scratchConfig, silentContext } from '../workbench/fixtures.ts';
import { everything, patienceMs } from './how-much.ts';
import { waitForEnd } from './small-training.ts';

let temporary: ReturnType<typeof makeFolder>;
let workspace: Workspace;
beforeAll(async () => {
  temporary = makeFolder();
  workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
});
afterAll(() => {
  workspace.close();
  temporary.remove();
});

/** Where the segment at `at` ends: its length stands behind its marker. */
const endOfSegment = (bytes: Buffer, at: number) => at + 2 + bytes.readUInt16BE(at + 2);

/** The scan at `at`, with all bits of its coefficients at once, so that it may stand there again and again. */
function wholeScan(bytes: Buffer, at: number): Buffer {
  const head = endOfSegment(bytes, at);
  let end = head;
  while (bytes[end] !== 0xff || bytes[end + 1] === 0) end += 1;
  const scan = Buffer.from(bytes.subarray(at, end));
  scan[head - at - 1] = 0;
  return scan;
}

/**
 * A progressive JPEG whose second scan stands there forty thousand times: 1.3 MB, and minutes of work before its first
 * line, in which libvips listens to nobody.
 */
async function makeHangingPicture(): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 4_000, height: 4_000, channels: 3, background: '#c84020' } })
    .jpeg({ progressive: true })
    .toBuffer();
  const first = bytes.indexOf(Buffer.from('ffda', 'hex'));
  const second = bytes.indexOf(Buffer.from('ffda', 'hex'), first + 2);
  const firstScan = wholeScan(bytes, first);
  const tables = bytes.subarray(first + firstScan.length, second);
  const again = Array.from({ length: 40_000 }, () => wholeScan(bytes, second));
  return Buffer.concat([bytes.subarray(0, first), firstScan, tables, ...again, Buffer.from('ffd9', 'hex')]);
}

const engines = (): number[] => {
  try {
    const found = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'engine/process'], {
      encoding: 'utf8',
    });
    return found.trim().split('\n').map(Number);
  } catch {
    return [];
  }
};

// The limit is 10 s of a core, as a person waits for it.
test.skipIf(!everything || process.platform !== 'linux')(
  'a picture whose decoder hangs in a training is named, its engine is gone, and the run goes on once it is put back',
  { timeout: 240_000 },
  async () => {
    const picture = join(temporary.folder, 'pictures', 'train', 'red-0.png');
    copyFileSync(picture, `${picture}.kept`);
    writeFileSync(picture, await makeHangingPicture());
    const config = scratchConfig({ epochs: 1, batchSize: 13, warmupSteps: 1, learningRate: 0.01 });
    await expect(startRun(workspace, { name: 'run', config }, silentContext())).rejects.toMatchObject({
      kind: 'corrupt-file',
      message: expect.stringMatching(/train\/red-0\.png[\s\S]*takes longer than 10 s to decode/),
    });
    expect(showRun(workspace, 'run').state).toBe('failed');
    expect(await waitForEnd(engines(), patienceMs)).toEqual([]);
    renameSync(`${picture}.kept`, picture);
    await resumeRun(workspace, 'run', silentContext());
    expect(showRun(workspace, 'run')).toMatchObject({ state: 'done', step: 2 });
  },
);
