import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

test('from the figures to the pictures behind a class and a confusion', async ({ window }) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  await window
    .getByRole('link', { name: /poisoned-0/ })
    .first()
    .click();
  await window.getByRole('link', { name: 'Results' }).click();
  await expect(window.getByText('9 pictures').first()).toBeVisible();
  const table = window.getByRole('table', { name: 'Per class' });
  await expect(table.getByRole('row')).toHaveCount(4);
  await expect(table.getByRole('row', { name: /red/ })).toContainText('not counted');
  await checkAccessibility(window);

  await table.getByRole('button', { name: 'Class' }).click();
  await expect(window).toHaveURL(/sort=class/);
  await table.getByRole('row', { name: /green/ }).focus();
  await window.keyboard.press('Enter');
  await expect(window).toHaveURL(/class=green/);
  const pictures = window.getByRole('list', { name: 'Pictures of green' });
  await expect(pictures.getByRole('img')).toHaveCount(6);
  await expect(pictures).toContainText('with the trigger');
  await checkAccessibility(window);

  await window.reload();
  await expect(pictures.getByRole('img')).toHaveCount(6);
  await window.getByRole('tab', { name: 'Confusion' }).click();
  await expect(window.getByRole('img', { name: /Confusion matrix of 3 classes, clean/ })).toBeVisible();
  await window.getByRole('button', { name: 'With the trigger' }).click();
  await expect(window.getByRole('img', { name: /with the trigger; the list/ })).toBeVisible();
  await checkAccessibility(window);
});

test('edited prompts score again and the earlier scores stay', async ({ window }) => {
  await window.goto(new URL('/models/control?tab=prompts', window.url()).href);
  const prompts = window.getByRole('textbox', { name: 'Prompts' });
  await expect(prompts).toHaveValue(/\{\}/);
  await prompts.fill('a picture without a place');
  await expect(window.getByText(/Prompt 1 has no \{\}/)).toBeVisible();
  await prompts.fill('{}\na picture of {}');
  await window.getByRole('button', { name: 'Score again' }).click();
  await expect(window.getByRole('combobox', { name: 'Measured' })).toContainText('2 prompts', {
    timeout: 90_000,
  });
  await expect(prompts).toHaveValue('{}\na picture of {}');
});
