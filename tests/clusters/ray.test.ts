import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, jsonLines, runJson, startCli } from '../hosts/run-cli.ts';
import { makeFolder } from '../workbench/fixtures.ts';
import { attemptsOf, canTest, expectLikeLocal, prepareStudy, readOutputs, watchAttempts } from './study.ts';

/** A Python with the package ray, for instance of a venv of its own. */
const python = process.env.CCW_RAY_PYTHON ?? 'python3';
const there = canTest('Ray', () =>
  spawnSync(python, ['-c', 'import ray']).status === 0
    ? null
    : `${python} cannot import ray; set CCW_RAY_PYTHON to a Python that can`,
);

describe.runIf(there)('a sweep on a Ray cluster of two nodes', () => {
  let temporary: ReturnType<typeof makeFolder>;
  let cluster: ChildProcess;
  let address = '';
  beforeAll(async () => {
    temporary = makeFolder();
    cluster = spawn(python, [fileURLToPath(new URL('./ray_cluster.py', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    address = await nextLine(cluster);
  }, 120_000);
  afterAll(async () => {
    const ended = new Promise((resolve) => cluster.once('close', resolve));
    cluster.stdin?.end('\n\n');
    await ended;
    temporary.remove();
  }, 60_000);

  it('gives the weights of this machine although a node is killed in the middle', async () => {
    const prepared = await prepareStudy(temporary.folder);
    const { file, remote, shared } = prepared;
    const on = ['--on', 'ray', '--address', address, '--python', python, '--shared', shared];
    const running = collect(startCli(remote, ['sweep', 'run', file, ...on, '--json']));
    const attempts = watchAttempts(shared, running);
    const early = running.then(({ stderr }) => {
      throw new Error(`The sweep ended before a node was killed: ${stderr}`);
    });
    early.catch(() => {});
    const bothAtWork = expect
      .poll(
        () => [...readOutputs(shared).values()].filter((lines) => attemptsOf(lines)[0]?.includes(3)).length,
        { timeout: 240_000, interval: 100 },
      )
      .toBe(2);
    await Promise.race([bothAtWork, early]);
    cluster.stdin?.write('\n');
    expect(await nextLine(cluster)).toBe('killed');
    const result = await running;
    expect(result.code, result.stderr).toBe(0);
    await expectLikeLocal(prepared, jsonLines(result).at(-1));
    // One task was begun again, and went on from a checkpoint that it had written.
    const again = (await attempts).filter((own) => own.length === 2);
    expect(again).toHaveLength(1);
    const [[first = [], second = []] = []] = again;
    expect(Math.min(...second)).toBeGreaterThan(1);
    expect(Math.min(...second)).toBeLessThanOrEqual(Math.max(...first) + 1);
    // Nothing is left to do, so no cluster is asked.
    expect(await runJson(remote, 'sweep', 'run', 'lambdas', ...on)).toEqual(jsonLines(result).at(-1));
  }, 1_200_000);
});

function nextLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const end = text.indexOf('\n');
      if (end < 0) return;
      child.stdout?.off('data', read);
      resolve(text.slice(0, end).trim());
    };
    child.stdout?.on('data', read);
    child.once('close', () => reject(new Error('the cluster ended')));
  });
}
