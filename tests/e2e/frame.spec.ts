import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, startHost, test } from './support/start-host.ts';

const screens = ['Home', 'Datasets', 'Triggers', 'Variants', 'Runs', 'Models', 'Compare', 'Settings'];

test('the rail leads to every screen; back, forward and reload keep the place', async ({ window }) => {
  const rail = window.getByRole('navigation', { name: 'Screens' });
  for (const name of screens) {
    await rail.getByRole('link', { name }).click();
    await expect(rail.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
    await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
  }
  await window.goBack();
  await expect(rail.getByRole('link', { name: 'Compare' })).toHaveAttribute('aria-current', 'page');
  await window.reload();
  await expect(rail.getByRole('link', { name: 'Compare' })).toHaveAttribute('aria-current', 'page');
  await window.goForward();
  await expect(window).toHaveTitle(/^Settings/);
});

test('everything in the frame works by keyboard', async ({ window }) => {
  await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
  await window.keyboard.press('Tab');
  await expect(window.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(window.locator('#main')).toBeFocused();

  await window.keyboard.press('g');
  await window.keyboard.press('s');
  await expect(window).toHaveURL(/\/settings$/);

  await window.keyboard.press('?');
  const sheet = window.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(sheet).toContainText('New run');
  await checkAccessibility(window);
  await window.keyboard.press('Escape');
  await expect(sheet).toBeHidden();

  await window.keyboard.press('Control+k');
  const search = window.getByRole('combobox', { name: 'Search or run a command' });
  await expect(search).toBeFocused();
  await search.fill('dark');
  await expect(
    window.getByRole('listbox', { name: 'Found' }).getByRole('option', { selected: true }),
  ).toHaveText(/Theme: dark/);
  await checkAccessibility(window);
  await window.keyboard.press('Enter');
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
  await window.reload();
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('an address that is no screen says so', async ({ window }) => {
  // The host itself answers 404 to an address that is none of the window's.
  const answer = await window.request.get(new URL('/nowhere', window.url()).href);
  expect(answer.status()).toBe(404);
  // A window that is open can still come to one, by its history.
  await window.evaluate(() => {
    history.pushState(null, '', '/nowhere');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(window.getByText('There is no such page')).toBeVisible();
  await window.getByRole('link', { name: 'Go to Home' }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
});

test('a host that ends is told; what was shown stays, and the window goes on by itself when it is back', async ({
  host,
  page,
  browser,
}) => {
  await page.goto(host.url);
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
  expect(await host.stop()).toBe(0);
  const banner = page.getByRole('alert').filter({ hasText: /The workbench does not answer/ });
  await expect(banner).toBeVisible();
  await expect(banner.getByRole('textbox', { name: 'New link' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
  await expect(page.getByRole('main')).toHaveCSS('opacity', '0.5');

  const again = await startHost(host.workspace);
  try {
    // The same port and keys.
    expect(again.url).toBe(host.url);
    await expect(banner).toHaveCount(0);
    await expect(page.getByRole('main')).toHaveCSS('opacity', '1');

    // A browser without the key gets a page that takes the link.
    const stranger = await browser.newPage();
    await stranger.goto(new URL('/runs', again.url).href);
    await stranger.getByRole('textbox', { name: 'Link' }).fill(again.url);
    await stranger.keyboard.press('Enter');
    await expect(stranger.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
    await stranger.close();
  } finally {
    await again.stop();
  }
});
