import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const module = fileURLToPath(new URL('../../main/engine/end-with-parent.ts', import.meta.url));

test.skipIf(process.platform === 'win32')(
  'a process ends with the one above it, though its own thread never comes back',
  async () => {
    // A step that takes for ever: nothing runs on that thread any more.
    const program = `import { endWithParent } from '${module}'; endWithParent();
      setTimeout(() => { console.log('at work'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); }, 300);`;
    const quoted = `'${program.replaceAll("'", `'"'"'`)}'`;
    const shell = spawn('sh', ['-c', `${process.execPath} --input-type=module -e ${quoted}; true`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(shell.stdout!, 'data');
    // The stream is the program's too: it closes once both are gone.
    const gone = once(shell.stdout!, 'close');
    shell.kill('SIGKILL');
    await gone;
    expect(shell.signalCode).toBe('SIGKILL');
  },
);
