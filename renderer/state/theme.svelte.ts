export type ThemeChoice = 'system' | 'light' | 'dark';
export type MotionChoice = 'system' | 'on' | 'off';

const themeKey = 'ccw-theme';
const motionKey = 'ccw-reduced-motion';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const prefersCalm = matchMedia('(prefers-reduced-motion: reduce)');

/** What was chosen last in this browser, so that the first paint has the right colours; the workspace's settings follow. */
function remembered<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  const value = localStorage.getItem(key);
  return allowed.find((one) => one === value) ?? otherwise;
}

let choice = $state<ThemeChoice>(remembered(themeKey, ['system', 'light', 'dark'], 'system'));
let motion = $state<MotionChoice>(remembered(motionKey, ['system', 'on', 'off'], 'system'));
let systemDark = $state(prefersDark.matches);
let systemCalm = $state(prefersCalm.matches);

const isDark = () => choice === 'dark' || (choice === 'system' && systemDark);
const isCalm = () => motion === 'on' || (motion === 'system' && systemCalm);

function apply(): void {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  document.documentElement.dataset.motion = isCalm() ? 'reduced' : 'full';
}

prefersDark.addEventListener('change', (event) => {
  systemDark = event.matches;
  apply();
});
prefersCalm.addEventListener('change', (event) => {
  systemCalm = event.matches;
  apply();
});
apply();

export const colourNames = [
  'bg',
  'panel',
  'sunk',
  'line',
  'line-strong',
  'text',
  'muted',
  'accent',
  'accent-soft',
  'clean',
  'clean-ink',
  'poison',
  'poison-ink',
  'repair',
  'repair-ink',
  'control',
  'control-ink',
  'danger',
] as const;
export type ColourName = (typeof colourNames)[number];
export type Colours = Record<ColourName, string>;

/** The tokens as rgb() for what cannot read CSS variables (plotly, canvas). */
function resolveColours(): Colours {
  const probe = document.createElement('span');
  // Under reduced motion every change is a very short transition, at whose start the colour is still the one before.
  probe.style.setProperty('transition', 'none', 'important');
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const resolved = Object.fromEntries(
    colourNames.map((name) => {
      probe.style.color = `var(--color-${name})`;
      return [name, style.color];
    }),
  ) as Colours;
  probe.remove();
  return resolved;
}

const colours = $derived.by(() => {
  isDark();
  return resolveColours();
});

export const theme = {
  get choice() {
    return choice;
  },
  get dark() {
    return isDark();
  },
  get motion() {
    return motion;
  },
  /** Whether movement is to be left out. */
  get calm() {
    return isCalm();
  },
  /** Read inside $derived or a template: they change with the theme. */
  get colours() {
    return colours;
  },
  choose(next: ThemeChoice): void {
    choice = next;
    localStorage.setItem(themeKey, next);
    apply();
  },
  chooseMotion(next: MotionChoice): void {
    motion = next;
    localStorage.setItem(motionKey, next);
    apply();
  },
};
