import { type Settings, settingsSchema } from '#contract/api/workspace.ts';
import { readSettingValues, saveSettingValues } from '#db/settings.ts';
import type { Workspace } from './workspace.ts';

const defaults: Settings = {
  theme: 'system',
  device: 'automatic',
  reducedMotion: 'system',
  sameBits: false,
};

/** The workspace's settings; one that another version of the program wrote and this one does not know is the default. */
export function readSettings({ db }: Workspace): Settings {
  const stored = readSettingValues(db);
  const { shape } = settingsSchema;
  return {
    theme: shape.theme.catch(defaults.theme).parse(stored.theme),
    device: shape.device.catch(deviceOfOlder(stored.backend)).parse(stored.device),
    reducedMotion: shape.reducedMotion.catch(defaults.reducedMotion).parse(stored.reducedMotion),
    sameBits: shape.sameBits.catch(defaults.sameBits).parse(stored.sameBits),
  };
}

/** Saves what is given; the rest stays. @returns all settings as they are now */
export function saveSettings(workspace: Workspace, change: Partial<Settings>): Settings {
  saveSettingValues(workspace.db, change);
  return readSettings(workspace);
}

/** Before devices had names, a backend was chosen: its device is kept. */
function deviceOfOlder(backend: unknown): Settings['device'] {
  if (backend === 'tensorflow') return 'cpu';
  return backend === 'wasm' ? 'wasm' : defaults.device;
}
