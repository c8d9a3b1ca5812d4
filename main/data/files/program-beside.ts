/** A program's or thread's file beside another, which is `beside` (import.meta.url); Electron's bundle has it beside its own (electron.vite.config.ts). */
export function programBeside(name: string, beside: string): URL {
  return new URL(`./${name}.${beside.endsWith('.ts') ? 'ts' : 'js'}`, beside);
}
