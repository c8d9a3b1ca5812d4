import { listPresets } from '#core/triggers/trigger-registry.ts';
import { importDataset } from '#db/datasets/dataset-import.ts';
import { findDataset } from '#db/datasets/datasets.ts';
import { iterateRecords } from '#db/datasets/records.ts';
import { openWorkspace } from '#main/workbench/workspace.ts';
import { addFileModel } from '../api/add-file-model.ts';
import { addAttack } from './support/add-attack.ts';
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
  // Each answer with its share of the softmax.
  await expect(pictures.getByRole('list').first().getByRole('listitem')).toHaveText(
    Array(3).fill(/^(red|green|blue)(, its label|, the target)? \d+ %$/),
  );
  await checkAccessibility(window);

  await window.reload();
  await expect(pictures.getByRole('img')).toHaveCount(6);
  await window.getByRole('tab', { name: 'Confusion' }).click();
  await expect(
    window.getByRole('application', { name: /Confusion matrix of 3 classes, clean/ }),
  ).toBeVisible();
  await window.getByRole('button', { name: 'With the trigger' }).click();
  const matrix = window.getByRole('application', { name: /with the trigger; arrow keys/ });
  await matrix.focus();
  await window.keyboard.press('ArrowDown');
  const cell = await window.getByText(/pictures, .* of the class/).textContent();
  await window.keyboard.press('Enter');
  await expect(window).toHaveURL(/class=blue&as=blue&pass=triggered/);
  const count = Number(cell?.split(' ')[0]);
  await expect(window.getByText(`${count} pictures`, { exact: true })).toBeVisible();
  await window.goBack();
  await expect(window).toHaveURL(/class=green/);
  await checkAccessibility(window);
});

test('other prompts give other figures, which a reload keeps, and the earlier ones stay', async ({
  window,
}) => {
  await window.goto(new URL('/models/control?tab=prompts', window.url()).href);
  const prompts = window.getByRole('textbox', { name: 'Prompts' });
  await expect(prompts).toHaveValue(/\{\}/);
  const stored = await prompts.inputValue();
  await prompts.fill('a picture without a place');
  await expect(window.getByText(/Prompt 1, 'a picture without a place', must have \{\} once/)).toBeVisible();
  await expect(window.getByRole('button', { name: 'Score again' })).toBeDisabled();
  await window.getByRole('button', { name: 'Back to the stored prompts' }).click();
  await expect(prompts).toHaveValue(stored);
  await prompts.fill('{}\nnot at all {} but something else');
  await window.getByRole('button', { name: 'Score again' }).click();
  const chosen = window.getByRole('combobox', { name: 'Measured' });
  await expect(chosen.locator('option:checked')).toHaveText(/2 prompts/, { timeout: 90_000 });
  await expect(prompts).toHaveValue('{}\nnot at all {} but something else');
  await window.reload();
  await expect(chosen.locator('option:checked')).toHaveText(/2 prompts/);
  await chosen.selectOption({ index: 1 });
  await expect(prompts).toHaveValue(stored);
});

test('a repaired model is finetuned a little and attacked again, and the page says what came back', async ({
  window,
}) => {
  await window.goto(new URL('/models/control', window.url()).href);
  const beside = window.getByLabel('Beside the attack success');
  await expect(beside).toContainText('Poisoned accuracy');
  await expect(beside).not.toContainText('ASR after rebound');
  await window.getByRole('button', { name: 'Measure further' }).click();
  await window.getByRole('menuitem', { name: 'Rebound' }).click();
  await expect(beside).toContainText(/ASR after rebound\s*\d+\.\d % of 6/, { timeout: 90_000 });
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  await expect(window.getByRole('link', { name: 'control-rebound' }).first()).toBeVisible();
});

const attackedTwice = test.extend({
  workspace: async ({ workspace }, use) => {
    const [preset] = listPresets('blended', 12);
    if (preset === undefined) throw new Error('There is no blended preset.');
    addAttack(workspace, 'poison-0', {
      trigger: preset.trigger,
      target: 'blue',
      amount: { kind: 'count', count: 1 },
      captionTemplates: ['a picture of {}'],
    });
    await use(workspace);
  },
});

attackedTwice('each attack of a variant is chosen, measured and shown on its own', async ({ window }) => {
  await window.goto(new URL('/models/poisoned-0?class=blue', window.url()).href);
  const chosen = window.getByRole('combobox', { name: 'Attack' });
  await expect(chosen.locator('option:checked')).toHaveText('poison-0, attack 1 of 2: patch → red');
  const table = window.getByRole('table', { name: 'Per class' });
  await expect(table.getByRole('row', { name: /red/ })).toContainText('not counted');
  await chosen.selectOption('poison-0, attack 2 of 2: blended picture → blue (not measured)');
  await expect(window.getByText('Not measured under this attack yet')).toBeVisible();
  await checkAccessibility(window);
  await window.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(table.getByRole('row', { name: /blue/ })).toContainText('not counted', { timeout: 90_000 });
  await expect(table.getByRole('row', { name: /red/ })).not.toContainText('not counted');
  await expect(chosen.locator('option:checked')).toHaveText(
    'poison-0, attack 2 of 2: blended picture → blue',
  );
  const picture = window
    .getByRole('list', { name: 'Pictures of blue' })
    .getByRole('img', { name: /with the trigger/ })
    .first();
  await expect(picture).toHaveAttribute('src', /part=1$/);
  await checkAccessibility(window);

  await window.reload();
  await expect(table.getByRole('row', { name: /blue/ })).toContainText('not counted');
  await window.goBack();
  await expect(table.getByRole('row', { name: /red/ })).toContainText('not counted');
  await window.goto(new URL('/compare?run=poisoned-0&run=poisoned-1', window.url()).href);
  await expect(window.getByText('ASR under poison-0, attack 1 of 2: patch → red.')).toBeVisible();
});

const withFileModel = test.extend({
  workspace: async ({ workspace }, use) => {
    const opened = openWorkspace(workspace);
    addFileModel(opened, 'brought', 'poisoned-0');
    opened.close();
    await use(workspace);
  },
});

withFileModel('a model from a file is measured where the person says, and compared', async ({ window }) => {
  await window
    .getByRole('list', { name: 'Lineage' })
    .getByRole('link', { name: /brought/ })
    .click();
  await expect(window.getByText('from brought.pt')).toBeVisible();
  await expect(window.getByText('Not measured yet')).toBeVisible();
  await window.getByRole('button', { name: 'Measure', exact: true }).click();
  const dialog = window.getByRole('dialog', { name: 'Measure brought' });
  await dialog.getByRole('combobox', { name: 'Attack' }).selectOption('poison-0');
  await checkAccessibility(window);
  await dialog.getByRole('button', { name: 'Measure' }).click();
  await expect(window.getByRole('table', { name: 'Per class' }).getByRole('row')).toHaveCount(4, {
    timeout: 90_000,
  });
  await window.getByRole('link', { name: 'Compare' }).last().click();
  await window.getByRole('combobox', { name: 'Add a model' }).fill('control');
  await window.getByRole('option', { name: /control/ }).click();
  const differences = window.getByRole('table', { name: 'What differs' });
  await expect(differences.getByRole('row')).toHaveCount(3);
  await checkAccessibility(window);
});

const withOtherPictures = withFileModel.extend({
  workspace: async ({ workspace }, use) => {
    const opened = openWorkspace(workspace);
    const { id, createdAt, records, classes, ...made } = findDataset(opened.db, 'colours');
    const all = [...iterateRecords(opened.db, id)].map(({ id: _, datasetId, ...record }) => record);
    const left = all.find(({ split }) => split === 'test');
    const rows = all.filter((record) => record !== left);
    await importDataset(opened.db, { ...made, name: 'others' }, [rows]);
    opened.close();
    await use(workspace);
  },
});

withOtherPictures(
  'two models that were measured on other test sets are marked in a comparison',
  async ({ window }) => {
    await window
      .getByRole('list', { name: 'Lineage' })
      .getByRole('link', { name: /brought/ })
      .click();
    await window.getByRole('button', { name: 'Measure', exact: true }).click();
    const dialog = window.getByRole('dialog', { name: 'Measure brought' });
    await dialog.getByRole('combobox', { name: 'Dataset' }).selectOption('others');
    await dialog.getByRole('button', { name: 'Measure' }).click();
    await expect(window.getByText('8 pictures').first()).toBeVisible({ timeout: 90_000 });
    await window.getByRole('link', { name: 'Compare' }).last().click();
    await window.getByRole('combobox', { name: 'Add a model' }).fill('control');
    await window.getByRole('option', { name: /control/ }).click();
    const notes = window.getByRole('list', { name: 'Results that cannot be compared' });
    await expect(notes).toContainText(
      /Measured on other pictures: those of '(others|colours)', not of '(others|colours)'/,
    );
    const differences = window.getByRole('table', { name: 'What differs' });
    // No change stands between them.
    await expect(differences.getByRole('rowheader', { name: /control/ })).toBeVisible();
    await expect(differences.getByTitle(/than the baseline|No clear difference/)).toHaveCount(0);
  },
);
