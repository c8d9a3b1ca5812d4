import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** Puts a text between the page's marks <!-- NAME:begin --> and <!-- NAME:end -->. */
export function writeSection(name: string, text: string): void {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const whole = readFileSync(page, 'utf8');
  const from = whole.indexOf(begin);
  const to = whole.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${page} lacks the marks ${begin} and ${end}.`);
  writeFileSync(page, `${whole.slice(0, from + begin.length)}\n${text}\n${whole.slice(to)}`);
}
