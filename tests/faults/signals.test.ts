import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everything, patienceMs } from './how-much.ts';
import { makeTraining, showState, trainArgs, waitForEnd } from './small-training.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
let training: Awaited<ReturnType<typeof makeTraining>>;
beforeAll(async () => {
  training = await makeTraining();
});
afterAll(() => training.remove());

/** `npm run` of a training that takes minutes, and every process of its chain, the first above the others. */
async function startChain(name: string): Promise<{ child: ChildProcess; chain: Record<string, number> }> {
  const child = spawn('npm', ['run', '-s', 'ccw', '--', ...trainArgs(name, 4_000)], {
    cwd: checkout,
    env: { ...process.env, CCW_WORKSPACE: training.folder },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  await new Promise<void>((resolve) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes('"checkpoint"')) resolve();
    });
    child.once('exit', () => resolve());
  });
  const chain: Record<string, number> = {};
  for (let pid: number | null = child.pid ?? null; pid !== null; pid = childOf(pid)) chain[nameOf(pid)] = pid;
  return { child, chain };
}

function childOf(pid: number): number | null {
  try {
    return Number(
      execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
        .trim()
        .split('\n')[0],
    );
  } catch {
    return null;
  }
}

function nameOf(pid: number): string {
  const words = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  if (words.includes('engine/process')) return 'engine';
  if (/^(\/bin\/)?sh /.test(words)) return 'shell';
  if (words.includes('bootstrap.mjs')) return 'bootstrap';
  return words.includes('hosts/cli.ts') ? 'workbench' : 'npm';
}

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const;
/** Ctrl-C in a terminal reaches every process of the chain but the engine, which has a group of its own. */
const terminal = 'all of them (Ctrl-C)';
const whom = ['npm', 'shell', 'bootstrap', 'workbench', 'engine'];
const all = whom
  .flatMap((process) => signals.map((signal) => [signal, process] as const))
  // A shell that is sent SIGINT alone waits for its program, and npm waits for the shell: nobody has ended.
  .map((one) => (one[0] === 'SIGINT' && one[1] === 'npm' ? (['SIGINT', terminal] as const) : one))
  .filter(([signal, process]) => signal !== 'SIGINT' || process !== 'shell');
const some = all.filter(
  ([signal, process]) =>
    (signal === 'SIGKILL' && process === 'bootstrap') || (signal === 'SIGHUP' && process === 'workbench'),
);

test.skipIf(process.platform !== 'linux').each(everything ? all : some)(
  '%s to %s: nothing goes on, and the run can be resumed',
  { timeout: 120_000 },
  async (signal, target) => {
    const name = `${signal}-${target.slice(0, 9)}`;
    const { child, chain } = await startChain(name);
    const pid = target === terminal ? -(child.pid ?? 0) : chain[target];
    // npm runs a single command in its shell's place.
    if (pid === undefined && target === 'shell') return;
    if (pid === undefined) throw new Error(`There is no ${target} in ${Object.keys(chain).join(', ')}.`);
    process.kill(pid, signal);
    // A terminal's signals reach the engine too: the workbench above it stops the run.
    const mayGoOn = target === 'engine' && (signal === 'SIGHUP' || signal === 'SIGINT');
    const sent = performance.now();
    const left = await waitForEnd(Object.values(chain), mayGoOn ? 1_000 : patienceMs);
    if (everything) console.log(`${signal} to ${target}: ${Math.round(performance.now() - sent)} ms`);
    for (const one of left) process.kill(one, 'SIGKILL');
    if (mayGoOn) return expect(left).not.toEqual([]);
    expect(left).toEqual([]);
    expect(await showState(training.folder, name)).toBe('interrupted');
  },
);

test('a run that a signal stopped goes on', { timeout: 120_000 }, async () => {
  const { chain } = await startChain('goes-on');
  process.kill(chain.workbench ?? 0, 'SIGHUP');
  expect(await waitForEnd(Object.values(chain), patienceMs)).toEqual([]);
  const { folder } = training;
  const child = await import('../hosts/run-cli.ts').then(({ startCli }) =>
    startCli(folder, ['runs', 'resume', 'goes-on', '--json']),
  );
  const first = await new Promise<string>((resolve) =>
    child.stdout?.setEncoding('utf8').once('data', resolve),
  );
  expect(first).toContain('started');
  child.kill('SIGTERM');
  await waitForEnd([child.pid ?? 0], patienceMs);
});
