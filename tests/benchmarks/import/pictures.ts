import { mkdtempSync, rmSync } from 'node:fs';
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
  const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
  const sides: Record<string, () => Timed> = {
    'decode check, size, hash, look': () => timed([...node, file('check-folder.ts'), pictures]),
    'the whole import: also table, captions and classes, duplicates': () => {
      const workspace = mkdtempSync(join(folder, 'workspace-'));
      const cli = [...node, join(checkout, 'main/hosts/cli.ts'), '--workspace', workspace];
      const done = timed([...cli, 'dataset', 'import', pictures, '--json']);
      rmSync(workspace, { recursive: true, force: true });
      return done;
    },
    'Pillow: decode, size, SHA-256 of the pixels': () =>
      timed([python, file('pillow-loop.py'), pictures, 'pixels']),
    'Pillow: decode, size, SHA-256 of the file': () =>
      timed([python, file('pillow-loop.py'), pictures, 'file']),
  };
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
    return `| ${count} ${kind === 'jpg' ? 'JPEG' : 'PNG'}: ${name} | ${wall.toFixed(2)} | ${processor.toFixed(2)} | ${Math.round(count / wall)} |`;
  });
}
