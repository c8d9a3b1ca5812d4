import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bootstrapFile, makePath, repository, runNode, startNode } from './run-process.ts';

// CCW_DEVICE=wasm: set-up leaves TensorFlow out, which has its own tests.
const env = { PATH: process.env.PATH!, HOME: process.env.HOME!, CCW_DEVICE: 'wasm' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccw-bootstrap-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeProgram(text: string): string {
  const file = path.join(folder, 'program.ts');
  writeFileSync(file, text);
  return file;
}

describe('with everything there', () => {
  test('runs TypeScript on Node 24 with the arguments and prints nothing of its own', async () => {
    const file = writeProgram(
      'const words: string[] = process.argv.slice(2); console.log(JSON.stringify([process.versions.node, ...words]));',
    );
    const { code, stdout, stderr } = await runNode([bootstrapFile, 'run', file, '--json', 'a b'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [version, ...words] = JSON.parse(stdout);
    expect(version).toMatch(/^24\./);
    expect(words).toEqual(['--json', 'a b']);
  });

  test.each([0, 1, 2, 77])('passes exit code %i on', async (wanted) => {
    const file = writeProgram(`process.exitCode = ${wanted};`);
    expect((await runNode([bootstrapFile, 'run', file], env)).code).toBe(wanted);
  });

  test('gives the code of the signal that ended the program', async () => {
    const file = writeProgram(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`);
    expect((await runNode([bootstrapFile, 'run', file], env)).code).toBe(128 + 9);
  });

  test.each([[[]], [['run']], [['start']], [['check', 'more']]])(
    'refuses %o with exit code 2',
    async (args) => {
      const { code, stdout, stderr } = await runNode([bootstrapFile, ...args], env);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('Usage:');
    },
  );

  test('one Ctrl-C, however often it is handed on, reaches the program once; a later one again', async () => {
    const file = writeProgram(`
      let count = 0;
      process.on('SIGINT', () => console.log('SIGINT ' + ++count));
      setInterval(() => {}, 1000);
      console.log('ready ' + process.pid);`);
    const started = startNode([bootstrapFile, 'run', file], env);
    await started.waitFor('ready');
    for (let times = 0; times < 3; times++) started.child.kill('SIGINT');
    await started.waitFor('SIGINT 1');
    await new Promise((resolve) => setTimeout(resolve, 700));
    started.child.kill('SIGINT');
    await started.waitFor('SIGINT 2');
    started.child.kill('SIGTERM');
    const { code, stdout } = await started.ended;
    expect(stdout).not.toContain('SIGINT 3');
    expect(code).toBe(128 + 15);
  });
});

describe('a checkout without packages', () => {
  let checkout: string;
  let calls: string;

  /** A checkout whose npm is a shell script; node_modules gets our Node where it says so. */
  function makeCheckout(npm: string): Record<string, string> {
    checkout = path.join(folder, 'checkout');
    calls = path.join(folder, 'calls');
    cpSync(path.join(repository, 'scripts'), path.join(checkout, 'scripts'), { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) {
      cpSync(path.join(repository, name), path.join(checkout, name));
    }
    writeFileSync(path.join(checkout, 'hello.ts'), `console.log('hello');`);
    writeFileSync(calls, '');
    const install = `/bin/mkdir -p node_modules && /bin/ln -sf ${repository}/node_modules/node-* node_modules/`;
    return { ...env, PATH: makePath({ npm: `echo "$*" >> ${calls}; INSTALL='${install}'; ${npm}` }) };
  }

  const start = (withEnv: Record<string, string>) =>
    startNode([path.join(checkout, 'scripts', 'bootstrap.mjs'), 'run', 'hello.ts'], withEnv, folder);
  const countCalls = () => readFileSync(calls, 'utf8').split('\n').filter(Boolean).length;

  test('installs them without scripts, once, and speaks on standard error only', async () => {
    const withEnv = makeCheckout('eval "$INSTALL"; echo added 1 package');
    const first = await start(withEnv).ended;
    expect(first).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(first.stderr).toContain('Setting up: packages');
    expect(readFileSync(calls, 'utf8')).toMatch(/^ci --ignore-scripts /);
    const second = await start(withEnv).ended;
    expect(second).toMatchObject({ code: 0, stdout: 'hello\n', stderr: '' });
    expect(countCalls()).toBe(1);
  });

  test('installs again when the lock file changes', async () => {
    const withEnv = makeCheckout('eval "$INSTALL"');
    await start(withEnv).ended;
    const lock = path.join(checkout, 'package-lock.json');
    writeFileSync(lock, `${readFileSync(lock, 'utf8')}\n`);
    await start(withEnv).ended;
    expect(countCalls()).toBe(2);
  });

  test('two starts at once install once, and both run', async () => {
    const withEnv = makeCheckout('/bin/sleep 1; eval "$INSTALL"');
    const ends = await Promise.all([start(withEnv).ended, start(withEnv).ended]);
    expect(ends.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, 'hello\n'],
      [0, 'hello\n'],
    ]);
    expect(countCalls()).toBe(1);
    expect(ends.filter(({ stderr }) => stderr.includes('Waiting: another program'))).toHaveLength(1);
  });

  /** An npm that hangs half-way until a file `fast` is there; it leaves its process id in `npm-pid`. */
  const hangingNpm = () =>
    `eval "$INSTALL"; test -e ${folder}/fast || { echo $$ > ${folder}/npm-pid; exec /bin/sleep 60; }`;

  async function startHanging(withEnv: Record<string, string>) {
    const started = start(withEnv);
    await waitForFile(path.join(folder, 'npm-pid'));
    writeFileSync(path.join(folder, 'fast'), '');
    return started;
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('goes on after %s in the middle', async (signal) => {
    const withEnv = makeCheckout(hangingNpm());
    const started = await startHanging(withEnv);
    started.child.kill(signal);
    const end = await started.ended;
    expect(end).toMatchObject({ code: 130, stdout: '' });
    expect(end.stderr).toContain('the next start goes on');
    expect(await start(withEnv).ended).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(countCalls()).toBe(2);
  });

  test('after kill -9 in the middle, waits for the npm that was left alone, then goes on', async () => {
    const withEnv = makeCheckout(hangingNpm());
    const started = await startHanging(withEnv);
    started.child.kill('SIGKILL');
    await new Promise((resolve) => started.child.once('exit', resolve));
    const next = start(withEnv);
    await next.waitFor('Waiting: another program');
    expect(countCalls()).toBe(1);
    process.kill(Number(readFileSync(path.join(folder, 'npm-pid'), 'utf8')), 'SIGKILL');
    expect(await next.ended).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(countCalls()).toBe(2);
  });

  test('says what npm said where it fails, with exit code 1', async () => {
    const withEnv = makeCheckout('echo npm error code EAI_AGAIN >&2; exit 1');
    const { code, stdout, stderr } = await start(withEnv).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('EAI_AGAIN');
    expect(stderr).toContain('registry cannot be reached');
  });

  test('says so where there is no npm', async () => {
    makeCheckout('exit 1');
    const nowhere = path.join(folder, 'nowhere');
    mkdirSync(nowhere);
    const { code, stderr } = await start({ ...env, PATH: nowhere }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('npm was not found');
  });
});

async function waitForFile(file: string): Promise<void> {
  const isThere = () => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n');
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
}
