import { sameBitsVariable } from '#contract/engine.ts';
import { readSettings } from '../settings.ts';
import type { Workspace } from '../workspace.ts';

/** Environment variables that a workspace's settings give its engines. */
export function engineEnvironment(workspace: Workspace): Record<string, string> {
  return readSettings(workspace).sameBits ? { [sameBitsVariable]: '1' } : {};
}
