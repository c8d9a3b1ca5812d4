import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const watcher = fileURLToPath(new URL('../../scripts/setup/watch-parents.mjs', import.meta.url));

/** A program that watches what is above it and says when that is gone; a chain of shells starts it. */
const program = (generations: number) =>
  `import { watchParents } from '${watcher}'; watchParents(${generations}, () => { console.log('gone'); process.exit(0); });
   setTimeout(() => process.exit(1), 20_000); console.log(process.ppid);`;

async function start(
  generations: number,
): Promise<{ child: ChildProcess; parent: number; said: () => string }> {
  const quoted = `'${program(generations).replaceAll("'", `'"'"'`)}'`;
  const inner = `${process.execPath} --input-type=module -e ${quoted}; true`;
  const child = spawn('sh', ['-c', `sh -c "$0"; true`, inner], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  while (!text.includes('\n')) await once(child.stdout!, 'data');
  return { child, parent: Number(text.trim()), said: () => text };
}

test('the end of the process that started it is noticed', async () => {
  const { child, parent, said } = await start(1);
  process.kill(parent, 'SIGKILL');
  await once(child.stdout!, 'close');
  expect(said()).toMatch(/gone/);
});

test.skipIf(process.platform !== 'linux')('so is the end of the one above that', async () => {
  const { child, said } = await start(2);
  child.kill('SIGKILL');
  await once(child.stdout!, 'close');
  expect(said()).toMatch(/gone/);
});

test('a process two above is nobody’s business where one is watched', async () => {
  const { child, parent, said } = await start(1);
  child.kill('SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(said()).not.toContain('gone');
  process.kill(parent, 'SIGKILL');
  await once(child.stdout!, 'close');
});
