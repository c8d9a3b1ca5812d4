import { expect, test as measured } from './support/measured-test.ts';
import { renameClasses } from './support/rename-classes.ts';

const script = '<img src=x onerror="window.broken=1"><b>bold</b>\u202Egnp.exe';
const endless = `endless ${'name '.repeat(2000)}`;

const test = measured.extend({
  workspace: async ({ workspace }, use) => {
    renameClasses(workspace, { green: script, blue: endless });
    await use(workspace);
  },
});

test('class names that are markup, turned or without end are text, and the layout holds', async ({
  window,
}) => {
  await window.goto(new URL('/models/poisoned-0', window.url()).href);
  const table = window.getByRole('table', { name: 'Per class' });
  await expect(table).toContainText('<img src=x');
  await table.getByRole('row', { name: /<b>bold/ }).focus();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('list', { name: /^Pictures of/ }).getByRole('img')).toHaveCount(6);
  await window.getByRole('tab', { name: 'Confusion' }).click();
  const matrix = window.getByRole('application', { name: /Confusion matrix of 3 classes/ });
  await matrix.focus();
  await window.keyboard.press('ArrowDown');
  await expect(window.getByText('predicted as').first()).toBeVisible();
  await expect(window.getByText(/of the class/)).toBeVisible();

  await window.goto(new URL('/compare?run=poisoned-0&run=control', window.url()).href);
  await expect(window.getByRole('table', { name: 'Attack success per class' })).toContainText('<img src=x');
  expect(await window.evaluate('"broken" in window')).toBe(false);
  expect(await window.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  expect(await window.locator('img[src="x"]').count()).toBe(0);
});
