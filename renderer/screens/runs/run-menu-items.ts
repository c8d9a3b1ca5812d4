import Archive from '@lucide/svelte/icons/archive';
import ArchiveRestore from '@lucide/svelte/icons/archive-restore';
import Copy from '@lucide/svelte/icons/copy';
import Pencil from '@lucide/svelte/icons/pencil';
import Play from '@lucide/svelte/icons/play';
import Repeat from '@lucide/svelte/icons/repeat';
import Square from '@lucide/svelte/icons/square';
import Trash2 from '@lucide/svelte/icons/trash-2';
import type { RunView } from '#contract/api/runs.ts';
import type { MenuItem } from '../../components/overlays/menu-item.ts';
import { archiveRun, cloneRun, deleteRuns, resumeRun, stopRun } from './run-actions.ts';

interface Answers {
  /** Left out: it is not offered. */
  rename?: (() => void) | undefined;
  repeat?: (() => void) | undefined;
  ondeleted?: (() => void) | undefined;
}

/** What can be done with a run, behind its button and at the pointer. */
export function runMenuItems(run: RunView, { rename, repeat, ondeleted }: Answers = {}): MenuItem[] {
  const active = run.state === 'running' || run.state === 'queued';
  return [
    ...(active
      ? [
          {
            label: run.state === 'queued' ? 'Remove from the queue' : 'Stop',
            icon: Square,
            run: () => void stopRun(run),
          },
        ]
      : []),
    ...(run.state === 'interrupted' || run.state === 'failed'
      ? [{ label: 'Resume', icon: Play, run: () => void resumeRun(run) }]
      : []),
    { label: 'Clone and edit', icon: Copy, run: () => cloneRun(run) },
    ...(repeat === undefined ? [] : [{ label: 'Repeat over seeds', icon: Repeat, run: repeat }]),
    ...(rename === undefined ? [] : [{ label: 'Rename', icon: Pencil, run: rename }]),
    {
      label: run.archived ? 'Unarchive' : 'Archive',
      icon: run.archived ? ArchiveRestore : Archive,
      run: () => void archiveRun(run, !run.archived),
    },
    {
      label: 'Delete',
      icon: Trash2,
      danger: true,
      apart: true,
      disabled: run.state === 'running',
      run: () => void deleteRuns([run]).then(() => ondeleted?.()),
    },
  ];
}
