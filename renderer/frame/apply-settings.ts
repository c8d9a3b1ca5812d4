import { queries, queryClient } from '../api/queries.ts';
import { theme } from '../state/theme.svelte.ts';

/** Takes theme and motion from the workspace once, so that every window and browser shows the same. */
export async function applySettings(): Promise<void> {
  try {
    const settings = await queryClient.fetchQuery(queries.workspace.settings());
    theme.choose(settings.theme);
    theme.chooseMotion(settings.reducedMotion);
  } catch {
    // The status line already says that the host does not answer; what was chosen last in this browser holds.
  }
}
