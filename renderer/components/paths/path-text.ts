/** A path from the first line of dropped text; null where it is neither a file: address nor an absolute path. */
export function pathOfText(text: string): string | null {
  const line = text.split(/\r?\n/).find((one) => one !== '' && !one.startsWith('#'));
  if (line === undefined) return null;
  if (line.startsWith('file://')) {
    try {
      const path = decodeURIComponent(new URL(line).pathname);
      return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
    } catch {
      return null;
    }
  }
  return /^(\/|[A-Za-z]:[\\/])/.test(line) ? line.trim() : null;
}

/** A path as a person types or pastes it: file: addresses and quotes around it are taken off. */
export function pathOfTyped(text: string): string {
  const bare = text.trim().replace(/^(['"])(.*)\1$/, '$2');
  return bare.startsWith('file://') ? (pathOfText(bare) ?? bare) : bare;
}

/** A name for what lies at a path: its last part without an ending. */
export function nameOfPath(path: string): string {
  const last =
    path
      .replace(/[\\/]+$/, '')
      .split(/[\\/]/)
      .at(-1) ?? '';
  return last.replace(/\.(csv|tsv|txt)$/i, '').slice(0, 200);
}
