import { importFrom } from '#main/workbench/datasets/importing/import-dataset.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';

/** Imports a table into a workspace and kills itself once it has read so many bytes. */
const [folder = '', path = '', bytes = '', look = ''] = process.argv.slice(2);
await importFrom(
  openWorkspace(folder),
  { path, name: 'pairs', strict: false, unchecked: look === 'unchecked' },
  {
    reporter: {
      say: () => {},
      progress: (_phase, done) => {
        if (done >= Number(bytes)) process.kill(process.pid, 'SIGKILL');
      },
    },
    interrupt: { gentle: new AbortController().signal, hard: new AbortController().signal },
    device: null,
  },
);
