import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '#main/hosts/cli/program.ts';
import { makeFolder } from '../workbench/fixtures.ts';
import { jsonLines, runCli } from './run-cli.ts';

let temporary: ReturnType<typeof makeFolder>;
beforeAll(() => {
  temporary = makeFolder();
});
afterAll(() => temporary.remove());
const ccw = (...args: string[]) => runCli(temporary.folder, ...args);

const program = await createProgram();

/** Every command that does something, with its words. */
function leafCommands(command = program, words: string[] = []): { words: string; command: Command }[] {
  if (command.commands.length === 0) return [{ words: words.join(' '), command }];
  return command.commands.flatMap((child) => leafCommands(child, [...words, child.name()]));
}

function helpOf(command: Command): string {
  let text = '';
  command
    .configureOutput({
      writeOut: (part) => {
        text += part;
      },
    })
    .outputHelp();
  return text;
}

it('loads the command that is called, and all where none is, so that a wrong word finds those alike', async () => {
  const loaded = async (...words: string[]) =>
    (await createProgram(words)).commands.map((command) => command.name());
  const all = program.commands.map((command) => command.name());
  expect(all.length).toBeGreaterThan(20);
  expect(await loaded('--workspace', 'demo', 'runs', 'list', '--json')).toEqual(['runs']);
  for (const words of [[], ['help', 'train'], ['trane', '--start', 'model'], ['constructor']])
    expect(await loaded(...words)).toEqual(all);
});

describe('help', () => {
  it('has all commands of the issue', () => {
    expect(leafCommands().map(({ words }) => words)).toEqual(
      expect.arrayContaining([
        'bench step',
        'compare',
        'dataset add emoji',
        'dataset import',
        'dataset list',
        'dataset show',
        'defend',
        'demo',
        'doctor',
        'evaluate',
        'parity',
        'runs list',
        'runs resume',
        'runs show',
        'train',
        'variant create',
        'variant list',
        'variant show',
      ]),
    );
  });

  it.each(leafCommands())('of $words shows --json, --workspace and an example', ({ words, command }) => {
    const text = helpOf(command);
    for (const part of ['--json', '--workspace', 'Example', `ccw ${words}`]) expect(text).toContain(part);
  });

  it('ends with 0, on stdout', async () => {
    const { code, stdout, stderr } = await ccw('variant', 'create', '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('--patch-size');
  });
});

describe('bad usage', () => {
  it.each([
    { args: [] },
    { args: ['fly'] },
    { args: ['dataset'] },
    { args: ['dataset', 'import'] },
    { args: ['train', '--epochs', 'many'] },
    { args: ['train', '--epochs', '0', '--dataset', 'd'] },
    { args: ['train', '--batch-size', '1.5', '--dataset', 'd'] },
    { args: ['train', '--architecture', 'GPT', '--dataset', 'd'] },
    { args: ['train'] },
    { args: ['train', '--dataset', 'd', '--device', 'abacus'] },
    { args: ['defend', '--model', 'm', '--method', 'prayer'] },
    { args: ['evaluate'] },
    { args: ['evaluate', '--model', 'm', '--variant', 'v', '--attack', '0'] },
    { args: ['evaluate', '--model', 'm', '--attack', 'all'] },
    { args: ['compare'] },
    { args: ['variant', 'create', '--dataset', 'd', '--target', 't'] },
    { args: ['variant', 'create', '--dataset', 'd', '--target', 't', '--count', '1', '--rate', '0.5'] },
    { args: ['runs', 'list', '--frob'] },
  ])('$args ends with 2 and says why on stderr', async ({ args }) => {
    const { code, stdout, stderr } = await ccw(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
  });

  it('is one JSON line with --json', async () => {
    const result = await ccw('train', '--epochs', 'many', '--json');
    expect(result.code).toBe(2);
    expect(jsonLines(result)).toEqual([
      { error: { kind: 'bad-input', message: expect.stringContaining('--epochs'), details: {} } },
    ]);
  });
});

describe('what does not exist', () => {
  it.each([
    { args: ['dataset', 'show', 'none'] },
    { args: ['variant', 'show', 'none'] },
    { args: ['runs', 'show', 'none'] },
    { args: ['runs', 'resume', 'none'] },
    { args: ['evaluate', '--model', 'none'] },
    { args: ['compare', 'none'] },
    { args: ['train', '--variant', 'none'] },
    { args: ['defend', '--model', 'none', '--method', 'mmcl'] },
    { args: ['dataset', 'import', 'none.csv', '--name', 'n'] },
  ])('$args ends with 1 and one JSON line', async ({ args }) => {
    const result = await ccw(...args, '--json');
    expect(result.code).toBe(1);
    expect(jsonLines(result)).toMatchObject([{ error: { kind: 'not-found' } }]);
    expect(result.stderr).toContain('none');
    expect(result.stderr).not.toContain('at ');
  });
});
