import { test as browsedTest } from './support/browsed-test.ts';
import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

browsedTest(
  'records are chosen with a rubber band, and the menu at the pointer makes datasets of them',
  async ({ window }) => {
    await window.goto(new URL('/datasets/colours', window.url()).href);
    const grid = window.getByRole('grid');
    await expect(grid.getByRole('img').first()).toBeVisible();
    const box = await grid.boundingBox();
    const first = await grid.getByRole('gridcell').first().boundingBox();
    if (box === null || first === null) throw new Error('the grid is not on the screen');
    // From inside the first item to inside the second one of the second row.
    const x = first.x + 20;
    const y = first.y + 20;
    await window.mouse.move(x, y);
    await window.mouse.down();
    await window.mouse.move(x + first.width / 2, y + 40, { steps: 3 });
    await window.mouse.move(x + first.width, y + first.height, { steps: 3 });
    await window.mouse.up();
    const bar = window.getByRole('form', { name: 'Selected records' });
    await expect(bar).toContainText('4 selected');
    // No sample was opened by the band.
    await expect(window.getByRole('complementary', { name: 'Sample' })).toHaveCount(0);

    await grid.getByRole('gridcell').first().click({ button: 'right' });
    const menu = window.getByRole('menu');
    await expect(menu.getByRole('menuitem', { name: 'Copy the caption' })).toBeVisible();
    await checkAccessibility(window);
    await menu.getByRole('menuitem', { name: 'Exclude these 4…' }).click();
    const dialog = window.getByRole('dialog', { name: 'Exclude the selection' });
    await expect(dialog).toContainText('the other 44 records');
    await expect(dialog.getByRole('textbox', { name: 'Name of the new dataset' })).toBeFocused();
    await checkAccessibility(window);
    await dialog.getByRole('textbox').fill('fewer');
    await dialog.getByRole('button', { name: 'Make the dataset' }).click();
    await expect(window.getByText(/Make fewer: done\. 44 records/).first()).toBeVisible();

    // By keys: the menu of what the keys are at.
    await window.keyboard.press('Escape');
    await grid.focus();
    await window.keyboard.press('Home');
    await window.keyboard.press('Shift+F10');
    await window.getByRole('menuitem', { name: 'Correct the caption…' }).click();
    const correct = window.getByRole('dialog', { name: 'Correct the caption' });
    await correct.getByRole('textbox', { name: 'Caption' }).fill('a much better caption');
    await correct.getByRole('textbox', { name: 'Name of the new dataset' }).fill('better');
    await correct.getByRole('button', { name: 'Make the dataset' }).click();
    await expect(window.getByText(/Make better: done/).first()).toBeVisible();
    await window.goto(new URL('/datasets/better?q=much', window.url()).href);
    await expect(window.getByRole('status').filter({ hasText: '1 of 48' })).toBeVisible();

    // Sorted by class, the blue ones come first; a variant is made of the first two.
    await window.goto(new URL('/datasets/colours', window.url()).href);
    await window.getByRole('combobox', { name: 'Order' }).selectOption('class');
    await expect(grid.getByRole('gridcell').first()).toContainText('blue');
    await grid.focus();
    await window.keyboard.press('Home');
    await window.keyboard.press('Space');
    await window.keyboard.press('Shift+ArrowRight');
    await expect(bar).toContainText('2 selected');
    await window.keyboard.press('Shift+F10');
    await window.getByRole('menuitem', { name: 'Make a variant of these 2…' }).click();
    await expect(window.getByText('Only the 2 records that you chose.')).toBeVisible();
    await expect(window.getByLabel('Pairs')).toHaveValue('2');
    await window.reload();
    await expect(window.getByText('Only the 2 records that you chose.')).toBeVisible();
    await checkAccessibility(window);

    // Rows of tables have a menu at the pointer too.
    await window.goto(new URL('/datasets', window.url()).href);
    await window.getByRole('table', { name: 'Datasets' }).getByText('colours').click({ button: 'right' });
    await window.getByRole('menuitem', { name: 'New run on this' }).click();
    await expect(window.getByRole('heading', { level: 1, name: 'New run' })).toBeVisible();
  },
);

test('the canvas zooms by wheel and keys, a drag snaps, splits and parts stay as they were dragged', async ({
  window,
}) => {
  await window.goto(new URL('/triggers', window.url()).href);
  const picture = window.getByRole('img', { name: /^Poisoned picture/ });
  await expect(picture).toBeVisible();
  const before = await picture.boundingBox();
  await picture.hover();
  await window.keyboard.down('Control');
  await window.mouse.wheel(0, -100);
  await window.keyboard.up('Control');
  await expect
    .poll(async () => (await picture.boundingBox())?.width)
    .toBeCloseTo((before?.width ?? 0) * 1.25, 0);
  await window.getByRole('button', { name: 'Fit' }).or(window.getByTitle('Fit (0)')).first().click();
  await expect.poll(async () => (await picture.boundingBox())?.width).toBeCloseTo(before?.width ?? 0, 0);

  const side = window.getByRole('separator', { name: 'Width of the parameters' });
  await side.focus();
  await window.keyboard.press('Shift+ArrowLeft');
  await expect(side).toHaveAttribute('aria-valuenow', '420');
  await window.reload();
  await expect(window.getByRole('separator', { name: 'Width of the parameters' })).toHaveAttribute(
    'aria-valuenow',
    '420',
  );
  await checkAccessibility(window);

  await window.getByRole('button', { name: 'Add another trigger on top' }).click();
  await window.getByRole('menuitem', { name: 'Warp' }).click();
  const parts = window.getByRole('list', { name: 'Parts of the trigger' }).getByRole('listitem');
  await expect(parts).toHaveText([/Patch/, /Warp/]);
  await parts.nth(1).dragTo(parts.nth(0));
  await expect(parts).toHaveText([/Warp/, /Patch/]);

  // Parts are layers: hidden, shown, faded, and taken back.
  await window.getByRole('button', { name: 'Hide Warp' }).click();
  await expect(window.getByRole('button', { name: 'Show Warp' })).toBeVisible();
  await window.getByRole('slider', { name: 'Layer opacity' }).fill('50');
  await expect(window.getByRole('slider', { name: 'Layer opacity' })).toHaveAttribute(
    'aria-valuetext',
    '50 %',
  );
  await checkAccessibility(window);
  await window.getByRole('button', { name: 'Show Warp' }).click();

  // A text that does not fit says so and is made to fit.
  await window.getByRole('combobox', { name: 'Kind' }).selectOption('text');
  await expect(window.getByText(/px wide and the picture/)).toBeVisible();
  await window.getByRole('button', { name: /^(Shorten to|Fit:)/ }).click();
  await expect(window.getByText(/px wide and the picture/)).toHaveCount(0);

  // A reaction begins with the target of the model's own attack, and the model that was chosen last comes back.
  await window.getByRole('tab', { name: 'Reaction' }).click();
  const model = window.getByRole('combobox', { name: 'Model' });
  await model.fill('poisoned-1');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('combobox', { name: 'Target class' })).toHaveValue('red');
  await window.goto(new URL('/triggers', window.url()).href);
  await window.getByRole('tab', { name: 'Reaction' }).click();
  await expect(model).toHaveValue('poisoned-1');
});
