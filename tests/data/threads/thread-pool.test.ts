import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('a program that ends its threads goes on after that, also where answers come too late', () => {
  const program = fileURLToPath(new URL('./programs/close-early.ts', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, 'closed\n']);
});
