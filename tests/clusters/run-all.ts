import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run test:clusters`: sweeps on clusters of this machine. Arguments go to vitest. */
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const args = process.argv.slice(2);
const child = spawn(
  process.execPath,
  [vitest, 'run', ...(args.length === 0 ? ['tests/clusters', '--no-file-parallelism'] : args)],
  {
    stdio: 'inherit',
    env: { ...process.env, CCW_CLUSTERS: 'all' },
  },
);
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
