import { client } from '../api/client.ts';
import { toProblem } from '../api/problem.ts';
import { navigate } from '../routing/router.svelte.ts';
import { routes } from '../routing/routes.ts';
import { type Command, commandStore } from '../state/commands.svelte.ts';
import { type ThemeChoice, theme } from '../state/theme.svelte.ts';
import { toasts } from '../state/toasts.svelte.ts';

/** Takes a theme at once and keeps it in the workspace. */
export function chooseTheme(choice: ThemeChoice): void {
  theme.choose(choice);
  client.workspace
    .saveSettings({ theme: choice })
    .catch((thrown: unknown) => toasts.error(toProblem(thrown)));
}

/** Starts the whole story as one job and shows it at Home. */
export async function startDemo(): Promise<void> {
  try {
    await client.workspace.startDemo({});
    navigate(routes.home());
  } catch (thrown) {
    toasts.error(toProblem(thrown));
  }
}

const go = (id: string, title: string, keys: string, href: string): Command => ({
  id,
  title,
  group: 'Go to',
  keys,
  run: () => navigate(href),
});

/** What can be done from anywhere. */
export const windowCommands: Command[] = [
  go('go-home', 'Home', 'g h', routes.home()),
  go('go-datasets', 'Datasets', 'g d', routes.datasets()),
  go('go-triggers', 'Triggers', 'g t', routes.triggers()),
  go('go-variants', 'Variants', 'g v', routes.variants()),
  go('go-runs', 'Runs', 'g r', routes.runs()),
  go('go-models', 'Models', 'g m', routes.models()),
  go('go-compare', 'Compare', 'g c', routes.compare()),
  go('go-settings', 'Settings', 'g s', routes.settings()),
  {
    id: 'new-run',
    title: 'New run',
    group: 'Do',
    keys: 'n r',
    words: 'train cleanclip repair finetune',
    run: () => navigate(routes.newRun()),
  },
  {
    id: 'import',
    title: 'Import data',
    group: 'Do',
    keys: 'n d',
    words: 'dataset csv folder pictures',
    run: () => navigate(routes.importData()),
  },
  {
    id: 'new-variant',
    title: 'New poisoned variant',
    group: 'Do',
    keys: 'n v',
    words: 'poison trigger attack',
    run: () => navigate(routes.newVariant()),
  },
  {
    id: 'demo',
    title: 'Run the demo',
    group: 'Do',
    words: 'story emoji example',
    run: () => void startDemo(),
  },
  {
    id: 'theme-light',
    title: 'Theme: light',
    group: 'Window',
    words: 'colours appearance',
    run: () => chooseTheme('light'),
  },
  {
    id: 'theme-dark',
    title: 'Theme: dark',
    group: 'Window',
    words: 'colours appearance night',
    run: () => chooseTheme('dark'),
  },
  {
    id: 'theme-system',
    title: 'Theme: system',
    group: 'Window',
    words: 'colours appearance',
    run: () => chooseTheme('system'),
  },
  {
    id: 'settings-backend',
    title: 'Settings: backend (TensorFlow, WebAssembly)',
    group: 'Window',
    words: 'settings engine device wasm gpu',
    run: () => navigate(routes.settings()),
  },
  {
    id: 'settings-motion',
    title: 'Settings: reduced motion',
    group: 'Window',
    words: 'settings animation accessibility',
    run: () => navigate(routes.settings()),
  },
  {
    id: 'settings-doctor',
    title: 'Settings: run the doctor',
    group: 'Window',
    words: 'settings diagnose check machine versions',
    run: () => navigate(routes.settings()),
  },
  {
    id: 'shortcuts',
    title: 'Keyboard shortcuts',
    group: 'Window',
    keys: '?',
    words: 'keys help',
    run: () => {
      commandStore.sheetOpen = true;
    },
  },
];
