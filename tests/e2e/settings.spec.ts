import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/start-host.ts';

test('settings are kept in the workspace and reach another window', async ({ window, openAnother }) => {
  await window.goto(new URL('/settings', window.url()).href);
  await window.getByLabel('Device', { exact: true }).selectOption('wasm');
  const sameBits = { name: 'Same bits on a GPU' };
  await window.getByRole('group', sameBits).getByRole('button', { name: 'On' }).click();
  await window.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Dark' }).click();
  await expect(window.locator('html')).toHaveAttribute('data-theme', 'dark');
  await checkAccessibility(window);
  const other = await openAnother();
  await expect(other.getByLabel('Device', { exact: true })).toHaveValue('wasm');
  await expect(other.getByRole('group', sameBits).getByRole('button', { name: 'On' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('the doctor reports on this machine', async ({ window }) => {
  await window.goto(new URL('/settings', window.url()).href);
  await window.getByRole('button', { name: 'Run the doctor' }).click();
  await expect(window.getByLabel('Doctor’s report')).toContainText('Node', { timeout: 60_000 });
});
