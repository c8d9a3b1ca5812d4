import type { Locator, Page } from '@playwright/test';
import { checkAccessibility, checkColours } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

/** Every screen, its parts that have an address of their own, and what shows that it has come to rest. */
const screens: readonly (readonly [address: string, ready: (window: Page) => Locator])[] = [
  ['/', (window) => window.getByRole('table', { name: 'Recent runs' })],
  ['/datasets', (window) => window.getByRole('link', { name: 'colours' }).first()],
  ['/datasets/new', (window) => window.getByRole('dialog', { name: 'Import data' })],
  ['/datasets/colours', (window) => window.getByRole('main').getByRole('img').first()],
  [
    '/datasets/colours?record=1',
    (window) => window.getByRole('complementary', { name: 'Sample' }).getByRole('img').first(),
  ],
  ['/triggers', (window) => window.getByRole('main').getByRole('img').first()],
  ['/variants', (window) => window.getByRole('link', { name: 'poison-0' }).first()],
  ['/variants/new', (window) => window.getByRole('form', { name: 'New variant' })],
  ['/variants/poison-0', (window) => window.getByRole('main').getByRole('img').first()],
  ['/runs', (window) => window.getByRole('table', { name: 'Runs' }).getByRole('link').first()],
  ['/runs/new', (window) => window.getByRole('region', { name: 'Estimated time and memory' })],
  ['/runs/poisoned-0', (window) => window.getByRole('img', { name: 'Loss of poisoned-0 by step' })],
  ['/models', (window) => window.getByRole('link', { name: 'poisoned-0' }).first()],
  ['/models/poisoned-0', (window) => window.getByRole('table', { name: 'Per class' })],
  ['/models/poisoned-0?class=green', (window) => window.getByRole('list', { name: 'Pictures of green' })],
  [
    '/models/poisoned-0?tab=confusion',
    (window) => window.getByRole('application', { name: /Confusion matrix/ }),
  ],
  ['/models/poisoned-0?tab=prompts', (window) => window.getByRole('textbox', { name: 'Prompts' })],
  ['/compare', (window) => window.getByRole('heading', { level: 1 })],
  [
    '/compare?run=poisoned-0&run=control',
    (window) => window.getByRole('table', { name: 'Attack success per class' }),
  ],
  [
    '/compare?run=poisoned-0&run=control&tab=curves',
    (window) => window.getByRole('img', { name: 'Loss of 2 runs by step' }),
  ],
  [
    '/compare?run=poisoned-0&run=poisoned-1&tab=seeds',
    (window) => window.getByRole('table', { name: 'Over seeds' }),
  ],
  ['/settings', (window) => window.getByRole('group', { name: 'Theme' })],
];

/** The first part of an address; `home` for none. */
const folderOf = (address: string) => /^\/(\w+)/.exec(address)?.[1] ?? 'home';

async function expectNoOverflow(window: Page, address: string): Promise<void> {
  const tooWide = await window.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect.soft(tooWide, `${address} reaches beyond the right edge`).toBeLessThanOrEqual(0);
}

async function setTheme(window: Page, theme: 'light' | 'dark'): Promise<void> {
  await window.emulateMedia({ colorScheme: theme });
  await expect(window.locator('html')).toHaveAttribute('data-theme', theme);
}

for (const screen of new Set(screens.map(([address]) => folderOf(address)))) {
  test(`${screen}: no serious barrier in either theme, nothing beyond the right edge`, async ({ window }) => {
    test.setTimeout(240_000);
    // What fades in has no colour to judge yet.
    await window.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    for (const [address, ready] of screens.filter(([one]) => folderOf(one) === screen)) {
      await setTheme(window, 'light');
      await window.goto(new URL(address, window.url()).href);
      await expect(ready(window), address).toBeVisible();
      await checkAccessibility(window, address);
      await expectNoOverflow(window, address);
      await setTheme(window, 'dark');
      await checkColours(window, `${address}, dark`);
      await window.setViewportSize({ width: 1024, height: 700 });
      await expectNoOverflow(window, `${address} at 1024 x 700`);
      await window.setViewportSize({ width: 1280, height: 800 });
    }
  });
}

test('the shortcut sheet and the palette have no serious barrier in the dark', async ({ window }) => {
  await window.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
  await window.keyboard.press('?');
  await expect(window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await checkAccessibility(window, 'shortcut sheet');
  await window.keyboard.press('Escape');
  await window.keyboard.press('Control+k');
  await expect(window.getByRole('option').first()).toBeVisible();
  await checkAccessibility(window, 'palette');
});
