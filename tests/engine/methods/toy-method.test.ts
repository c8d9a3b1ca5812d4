import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { importSmallDataset, makeFolder } from '../../workbench/fixtures.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The recipe of docs/architecture.md, "A new method", word for word: two files, and a line in each of two indexes. */
const recipe = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const blocks = recipe.split(/^ {4}\/\/ (?=\S+\/methods\/toy\.ts$)/m).slice(1);
const files = blocks.map((block) => {
  const [path = '', ...lines] = block.split('\n');
  const end = lines.findIndex((line) => line !== '' && !line.startsWith('    '));
  return { path, text: lines.slice(0, end).join('\n').replaceAll(/^ {4}/gm, '') };
});

let temporary: ReturnType<typeof makeFolder>;
/** A copy of the program with the toy in it. */
let program: string;
beforeAll(async () => {
  temporary = makeFolder();
  program = join(temporary.folder, 'program');
  for (const name of ['contract', 'core', 'db', 'main', 'scripts', 'package.json']) {
    cpSync(join(root, name), join(program, name), { recursive: true });
  }
  for (const name of ['tsconfig.base.json', 'tsconfig.node.json'])
    cpSync(join(root, name), join(program, name));
  symlinkSync(join(root, 'node_modules'), join(program, 'node_modules'));
  for (const { path, text } of files) {
    writeFileSync(join(program, path), text);
    addLine(join(program, path, '../method-registry.ts'));
  }
  const workspace = openWorkspace(join(temporary.folder, 'workspace'));
  await importSmallDataset(workspace, join(temporary.folder, 'pictures'));
  workspace.close();
});
afterAll(() => temporary.remove());

function addLine(index: string): void {
  const text = readFileSync(index, 'utf8');
  const withEntry = text.replace(/^ {2}mmcl,$/m, '  mmcl,\n  toy,');
  writeFileSync(index, `import { toy } from './toy.ts';\n${withEntry}`);
}

const ccw = (...args: string[]): unknown => {
  const command = [join(program, 'main/hosts/cli.ts'), ...args, '--json'];
  const env = { ...process.env, CCW_WORKSPACE: join(temporary.folder, 'workspace') };
  const lines = execFileSync(process.execPath, command, { env, encoding: 'utf8' }).trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '');
};

it('two files and a line in each index make a method that the program lists and trains', () => {
  expect(files.map(({ path }) => path)).toEqual(['contract/methods/toy.ts', 'main/engine/methods/toy.ts']);
  const listed = z.array(z.object({ name: z.string(), label: z.string() })).parse(ccw('methods'));
  expect(listed).toContainEqual({ name: 'toy', label: 'Toy' });
  const short = ['--epochs', '2', '--batch-size', '8', '--warmup-steps', '1', '--push', '0.5'];
  const done = ccw('train', '--dataset', 'colours', '--method', 'toy', '--name', 'toy', ...short);
  expect(done).toMatchObject({ finalLoss: expect.any(Number), resumedFromStep: null });
  expect(ccw('runs', 'show', 'toy')).toMatchObject({
    state: 'done',
    step: 6,
    config: { method: 'toy', settings: { push: 0.5, epochs: 2 } },
  });
}, 600_000);
