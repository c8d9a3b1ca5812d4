import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, type Timed, timed } from './timed.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Importing pictures against a Pillow loop, in turn, each in a process of its own.
 * @returns rows of a Markdown table
 */
export function benchPictures(
  python: string,
  folder: string,
  kind: 'jpg' | 'png',
  count: number,
  repetitions: number,
): string[] {
  const pictures = join(folder, kind);
  timed([python, file('make-pictures.py'), pictures, `${count}`, kind]);
  const sides = {
    'decode check, size, hash, look': lookOnly(pictures),
    'the whole import: also table, captions and classes, duplicates': () => {
      const workspace = mkdtempSync(join(folder, 'workspace-'));
      const cli = [...node, join(checkout, 'main/hosts/cli.ts'), '--workspace', workspace];
      const done = timed([...cli, 'dataset', 'import', pictures, '--json']);
      rmSync(workspace, { recursive: true, force: true });
      return done;
    },
    'Pillow: decode, size, SHA-256 of the pixels': pillowLoop(python, pictures, 'pixels'),
    'Pillow: decode, size, SHA-256 of the file': pillowLoop(python, pictures, 'file'),
  };
  return compare(sides, `${count} ${kind === 'jpg' ? 'JPEG' : 'PNG'}`, count, repetitions);
}

/**
 * Looking at many JPEGs, so that what a program costs once hardly counts: those that benchPictures made, each under
 * `names` names. Neither side keeps anything by a file's content; both find the files in memory.
 * @returns rows of a Markdown table
 */
export function benchManyPictures(
  python: string,
  folder: string,
  count: number,
  names: number,
  repetitions: number,
): string[] {
  const many = join(folder, 'many');
  for (const [place, name] of readdirSync(join(folder, 'jpg')).entries()) {
    const from = join(folder, 'jpg', name);
    for (let again = 0; again < names; again += 1) {
      const to = join(many, `class ${place} ${again}`);
      mkdirSync(to, { recursive: true });
      for (const picture of readdirSync(from)) linkSync(join(from, picture), join(to, picture));
    }
  }
  const sides = {
    'decode check, size, hash, look': lookOnly(many),
    'Pillow: decode, size, SHA-256 of the file': pillowLoop(python, many, 'file'),
  };
  return compare(
    sides,
    `${count * names} JPEG (${count}, each under ${names} names)`,
    count * names,
    repetitions,
  );
}

const node = [process.execPath, '--disable-warning=ExperimentalWarning'];

const lookOnly = (pictures: string) => () => timed([...node, file('check-folder.ts'), pictures]);

const pillowLoop = (python: string, pictures: string, hashed: 'pixels' | 'file') => () =>
  timed([python, file('pillow-loop.py'), pictures, hashed]);

/** Runs each side in turn. @returns rows of a Markdown table */
function compare(
  sides: Record<string, () => Timed>,
  what: string,
  count: number,
  repetitions: number,
): string[] {
  const found = new Map(Object.keys(sides).map((name) => [name, [] as Timed[]]));
  for (let turn = 0; turn < repetitions; turn += 1) {
    for (const [name, run] of Object.entries(sides)) {
      const done = run();
      if (!done.stdout.includes(`${count}`)) throw new Error(`${name} did not look at all: ${done.stdout}`);
      found.get(name)!.push(done);
    }
  }
  return [...found].map(([name, runs]) => {
    const wall = median(runs.map(({ wallS }) => wallS));
    const processor = median(runs.map(({ processorS }) => processorS));
    return `| ${what}: ${name} | ${wall.toFixed(2)} | ${processor.toFixed(2)} | ${Math.round(count / wall)} |`;
  });
}
