import { test as browsedTest } from './support/browsed-test.ts';
import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

test('a combobox keeps and shows what rules, whatever is done to its text', async ({ window }) => {
  await window.goto(new URL('/variants/new?step=captions', window.url()).href);
  const target = window.getByRole('combobox', { name: 'Target class' });
  await expect(target).toHaveValue('blue');
  // The chosen one again: it stays.
  await target.click();
  await window.keyboard.press('ArrowDown');
  await window.getByRole('option', { name: 'blue' }).click();
  await expect(target).toHaveValue('blue');
  // Text that chooses nothing goes when the field is left, and with Escape.
  await target.fill('gr');
  await window.keyboard.press('Escape');
  await expect(target).toHaveValue('blue');
  await target.fill('');
  await window.keyboard.press('Tab');
  await expect(target).toHaveValue('blue');
  await target.fill('gre');
  await window.keyboard.press('Enter');
  await expect(target).toHaveValue('green');
  await target.click();
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('Enter');
  await expect(target).not.toHaveValue('');
});

test('a note and a new name are written where the focus is; letters trigger nothing', async ({ window }) => {
  await window.goto(new URL('/runs/poisoned-0', window.url()).href);
  await window.getByRole('button', { name: 'Write', exact: true }).click();
  const note = window.getByRole('textbox', { name: 'Note' });
  await expect(note).toBeFocused();
  await window.keyboard.type('g h n r ? why');
  await expect(note).toHaveValue('g h n r ? why');
  await expect(window).toHaveURL(/\/runs\/poisoned-0$/);
  await window.keyboard.press('Control+Enter');
  await expect(window.getByText('g h n r ? why')).toBeVisible();

  await window.getByRole('button', { name: 'More for poisoned-0' }).click();
  await window.getByRole('menuitem', { name: 'Rename' }).click();
  const dialog = window.getByRole('dialog', { name: 'Rename the run' });
  const name = dialog.getByRole('textbox', { name: 'Name' });
  await expect(name).toBeFocused();
  const rename = dialog.getByRole('button', { name: 'Rename' });
  // Its own name may stay; another’s is told while it is typed.
  await expect(rename).toBeEnabled();
  await name.fill('control');
  await expect(dialog.getByText(/already.*for example 'control-2'/)).toBeVisible();
  await expect(rename).toBeDisabled();
  await checkAccessibility(window);
  await name.fill('');
  await expect(dialog.getByText('Enter a name.')).toBeVisible();
  await expect(rename).toBeDisabled();
  await name.fill('x'.repeat(201));
  await expect(dialog.getByText('At most 200 characters; these are 201.')).toBeVisible();
  await expect(rename).toBeDisabled();
  await name.fill('first');
  await expect(rename).toBeEnabled();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { level: 1, name: 'first' })).toBeVisible();
});

test('a taken or a long name of a variant is told at its field and holds the button', async ({ window }) => {
  await window.goto(new URL('/variants/new?step=captions', window.url()).href);
  const name = window.getByRole('textbox', { name: 'Name of the variant' });
  const make = window.getByRole('button', { name: 'Make the variant' });
  await expect(make).toBeEnabled();
  await name.fill('poison-0');
  await expect(window.getByText(/a variant named 'poison-0' already/)).toBeVisible();
  await expect(make).toBeDisabled();
  // The foot of the form leads to what holds it.
  await window.getByRole('button', { name: 'name of the variant' }).click();
  await expect(name).toBeFocused();
  await name.fill('x'.repeat(230));
  await expect(window.getByText('At most 200 characters; these are 230.')).toBeVisible();
  await expect(make).toBeDisabled();
  await name.fill('poison-9');
  await expect(make).toBeEnabled();
});

browsedTest(
  'a taken name of a dataset is told before the import, and nothing filled in is lost',
  async ({ window, pictures }) => {
    await window.goto(
      new URL(`/datasets/new?path=${encodeURIComponent(`${pictures}/colours`)}`, window.url()).href,
    );
    const dialog = window.getByRole('dialog', { name: 'Import data' });
    await expect(dialog.getByText(/a dataset named 'colours' already/)).toBeVisible();
    const start = dialog.getByRole('button', { name: 'Import', exact: true });
    await expect(start).toBeDisabled();
    const templates = dialog.getByLabel(/Caption templates/);
    await templates.fill('one {}.');
    await dialog.getByRole('textbox', { name: 'Name of the dataset' }).fill('colours again');
    await expect(start).toBeEnabled();
    await expect(templates).toHaveValue('one {}.');
    await start.click();
    await expect(dialog).toBeHidden();
  },
);

test('settings that are seldom meant are warned of at their field, and a clone carries all of a run', async ({
  window,
}) => {
  await window.goto(new URL('/runs/poisoned-0', window.url()).href);
  await window.getByRole('button', { name: 'More for poisoned-0' }).click();
  await window.getByRole('menuitem', { name: 'Clone and edit' }).click();
  const epochs = window.getByLabel('Epochs');
  await expect(epochs).not.toHaveValue('');
  const carried = await epochs.inputValue();
  await window.getByLabel('Warm-up steps').fill('100000');
  await expect(window.getByText(/the learning rate never reaches its highest value/)).toBeVisible();
  await window.getByLabel('Batch size').fill('4096');
  await expect(window.getByText(/no batch is full\. Use at most/)).toBeVisible();
  await window.getByLabel('Learning rate').fill('3');
  await expect(window.getByText(/Training is likely to diverge/)).toBeVisible();
  // Seldom ones are folded; measuring after each epoch stays as it was chosen.
  await expect(window.getByLabel('Weight decay')).toBeHidden();
  await window.getByText('More settings').click();
  await expect(window.getByLabel('Weight decay')).toBeVisible();
  const measuring = window.getByRole('switch', { name: 'Measure CA and ASR after each epoch' });
  await measuring.click();
  await expect(measuring).toBeChecked();
  await window.reload();
  await expect(measuring).toBeChecked();
  await expect(epochs).toHaveValue(carried);
  await expect(window.getByLabel('Batch size')).toHaveValue('4096');
  // The help of a field shows while it has the focus, and nothing moves for it.
  const below = window.getByLabel('Warm-up steps');
  const place = await below.boundingBox();
  await epochs.focus();
  await expect(window.getByText('Number of passes over the training pairs.')).toBeVisible();
  expect(await below.boundingBox()).toEqual(place);
  await window.getByLabel('Batch size').focus();
  await expect(window.getByText('Number of passes over the training pairs.')).toBeHidden();
  // However far down a person is, the run can be started.
  await window.getByRole('switch', { name: 'Measure CA and ASR after each epoch' }).scrollIntoViewIfNeeded();
  await expect(window.getByRole('button', { name: 'Start', exact: true })).toBeInViewport({ ratio: 1 });
  await checkAccessibility(window);
});

test('two attacks with one target are warned of', async ({ window }) => {
  await window.goto(new URL('/variants/new?step=captions', window.url()).href);
  await window.getByRole('button', { name: 'Another attack' }).click();
  await expect(window.getByText(/Attack 1 has the target “blue” too/).first()).toBeVisible();
  await window.getByRole('combobox', { name: 'Target class' }).fill('gre');
  await window.keyboard.press('Enter');
  await expect(window.getByText(/Attack 1 has the target/)).toHaveCount(0);
});
