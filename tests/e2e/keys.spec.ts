import { test as browsedTest } from './support/browsed-test.ts';
import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

browsedTest(
  'the records by keys alone: from the search down, open, close, and the keys are listed',
  async ({ window }) => {
    await window.goto(new URL('/datasets/colours', window.url()).href);
    const grid = window.getByRole('grid');
    await expect(grid.getByRole('img').first()).toBeVisible();
    await window.keyboard.press('/');
    await expect(window.getByRole('searchbox', { name: 'Search in captions' })).toBeFocused();
    await window.keyboard.press('ArrowDown');
    await expect(grid).toBeFocused();
    await window.keyboard.press('Enter');
    const sample = window.getByRole('complementary', { name: 'Sample' });
    await expect(sample).toBeVisible();
    await window.keyboard.press('?');
    const sheet = window.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(sheet.getByText('Select a range')).toBeVisible();
    await expect(sheet.getByText('Close the sample')).toBeVisible();
    await checkAccessibility(window);
    // The first Escape closes the sheet, the second the sample.
    await window.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
    await expect(sample).toBeVisible();
    await window.keyboard.press('Escape');
    await expect(sample).toBeHidden();
    await expect(grid).toBeFocused();
    await window.keyboard.press('Space');
    await expect(window.getByText('1 selected')).toBeVisible();
    await window.keyboard.press('Escape');
    await expect(window.getByText('1 selected')).toBeHidden();
  },
);

test('the palette knows the page’s actions, classes, datasets and settings', async ({ window }) => {
  await window.goto(new URL('/runs/poisoned-0', window.url()).href);
  await expect(window.getByRole('heading', { level: 1, name: 'poisoned-0' })).toBeVisible();
  const search = async (text: string) => {
    await window.keyboard.press('Control+k');
    await window.getByRole('combobox', { name: 'Search or run a command' }).fill(text);
  };
  const option = (name: string | RegExp) => window.getByRole('option', { name }).first();
  for (const [text, name] of [
    ['measure', 'Measure poisoned-0'],
    ['rename', 'Rename: poisoned-0'],
    ['archive', 'Archive: poisoned-0'],
    ['settings', 'Settings: run the doctor'],
    ['dataset', /colours.*dataset/],
  ] as const) {
    await search(text);
    await expect(option(name), text).toBeVisible();
    await window.keyboard.press('Escape');
  }
  await search('rename');
  await option('Rename: poisoned-0').click();
  await expect(window.getByRole('dialog', { name: 'Rename the run' }).getByRole('textbox')).toBeFocused();
  await window.keyboard.press('Escape');
  await search('class gre');
  await option(/green.*class of colours/).click();
  await expect(window).toHaveURL(/\/datasets\/.*label=green/);
  await search('export');
  await expect(option('Export with pictures')).toBeVisible();
  await window.keyboard.press('Escape');
});

test('arrow down goes from the search of a list to its first row', async ({ window }) => {
  for (const [address, row] of [
    ['/runs', 'head'],
    ['/models/poisoned-0', 'blue'],
  ] as const) {
    await window.goto(new URL(address, window.url()).href);
    await expect(window.getByRole('row', { name: new RegExp(row) }).first()).toBeVisible();
    await window.keyboard.press('/');
    await window.keyboard.press('ArrowDown');
    await expect(window.locator('tbody :focus, tbody tr:focus').first()).toContainText(row);
  }
});

test('at 640 px, as at 200 %, every screen is one column that scrolls downwards only', async ({ window }) => {
  await window.setViewportSize({ width: 640, height: 400 });
  for (const address of [
    '/',
    '/datasets/colours?record=1',
    '/triggers',
    '/variants/new',
    '/variants/poison-0',
    '/runs',
    '/runs/poisoned-0',
    '/models',
    '/models/poisoned-0',
    '/models/poisoned-0?tab=confusion',
    '/compare?run=poisoned-0&run=control',
    '/settings',
  ]) {
    await window.goto(new URL(address, window.url()).href);
    await expect(window.getByRole('heading', { level: 1 })).toBeVisible();
    // The designer's reaction starts an engine.
    await expect(window.locator('main .animate-pulse')).toHaveCount(0, { timeout: 60_000 });
    const widths = await window.evaluate(() => {
      const main = document.querySelector('main');
      return {
        page: document.documentElement.scrollWidth - innerWidth,
        main: (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0),
      };
    });
    expect.soft(widths, address).toEqual({ page: 0, main: 0 });
  }
  // Every entry of the rail can be reached.
  const settings = window
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('link', { name: 'Settings' });
  await settings.click();
  await expect(settings).toHaveAttribute('aria-current', 'page');
});
