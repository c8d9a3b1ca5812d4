import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '#main/workbench/engine/engine-client.ts';
import { launchChildProcess } from '#main/workbench/engine/engine-process.ts';
import { makeFolder, silentContext } from '../fixtures.ts';

let temporary: ReturnType<typeof makeFolder>;
beforeAll(() => {
  temporary = makeFolder();
});
afterAll(() => temporary.remove());

const parity = () => ({ kind: 'parity', fixtures: join(temporary.folder, 'none') }) as const;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('an engine', () => {
  it('says what it computes with, does jobs one after the other, and is gone once closed', async () => {
    const engine = await startEngine({ device: 'javascript' });
    expect(engine.environment).toMatchObject({
      deviceName: 'javascript',
      backend: 'cpu',
      node: process.version,
    });
    expect(isAlive(engine.pid)).toBe(true);
    for (let job = 0; job < 2; job += 1) {
      await expect(engine.run<'parity'>(parity())).rejects.toMatchObject({ name: 'WorkbenchError' });
    }
    await engine.close();
    expect(isAlive(engine.pid)).toBe(false);
  });

  it('says how it ended when it is killed during a job', async () => {
    const engine = await startEngine({ device: 'javascript' });
    const hard = new AbortController();
    const job = engine.run<'parity'>(parity(), {}, { ...silentContext().interrupt, hard: hard.signal });
    hard.abort();
    const expected = { kind: 'engine-ended', details: { signal: 'SIGKILL', exitCode: null } };
    await expect(job).rejects.toMatchObject(expected);
    await expect(engine.run<'parity'>(parity())).rejects.toMatchObject(expected);
    await engine.close();
  });

  it('says that the memory ran out where the process says so as it ends', async () => {
    const small = (environment: Readonly<Record<string, string>>) =>
      launchChildProcess({ ...environment, NODE_OPTIONS: '--max-old-space-size=10' });
    await expect(startEngine({ device: 'javascript', launch: small })).rejects.toMatchObject({
      kind: 'engine-ended',
      message: expect.stringMatching(
        /while starting\. By what it printed the memory ran out: choose a smaller/,
      ),
    });
  });
});
