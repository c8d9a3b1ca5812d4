import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, jsonLines, startCli } from '../hosts/run-cli.ts';
import { makeFolder } from '../workbench/fixtures.ts';
import { findReason, type SlurmCluster, startSlurm } from './slurm-cluster.ts';
import { attemptsOf, canTest, expectLikeLocal, prepareStudy, readOutputs, watchAttempts } from './study.ts';

describe.runIf(canTest('SLURM', findReason))('a sweep on a SLURM cluster of two nodes', () => {
  let temporary: ReturnType<typeof makeFolder>;
  let cluster: SlurmCluster;
  beforeAll(async () => {
    temporary = makeFolder();
    cluster = await startSlurm(`${temporary.folder}/slurm`);
  }, 120_000);
  afterAll(async () => {
    await cluster.stop();
    temporary.remove();
  }, 60_000);

  it('gives the weights of this machine although a node is killed in the middle', async () => {
    const prepared = await prepareStudy(temporary.folder);
    const { file, remote, shared } = prepared;
    const on = ['--on', 'slurm', '--partition', 'test', '--shared', shared];
    const running = collect(startCli(remote, ['sweep', 'run', file, ...on, '--json'], cluster.environment));
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
    cluster.kill('n2');
    const result = await running;
    expect(result.code, result.stderr).toBe(0);
    await expectLikeLocal(prepared, jsonLines(result).at(-1));
    const again = (await attempts).filter((own) => own.length === 2);
    expect(again).toHaveLength(1);
    const [[first = [], second = []] = []] = again;
    // It went on from a checkpoint that it had written.
    expect(Math.min(...second)).toBeGreaterThan(1);
    expect(Math.min(...second)).toBeLessThanOrEqual(Math.max(...first) + 1);
  }, 1_200_000);
});
