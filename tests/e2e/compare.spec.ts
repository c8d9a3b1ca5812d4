import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { openDatabase } from '#db/open.ts';
import { checkAccessibility } from './support/check-accessibility.ts';
import { expect, test } from './support/measured-test.ts';

const chartOf = (window: Page) =>
  window
    .getByRole('img', { name: /Clean accuracy against attack success/ })
    .locator('svg')
    .first();

/** Row of a run in the table of figures and settings; other rows name it as their parent. */
const rowOf = (window: Page, run: string) =>
  window
    .getByRole('table', { name: 'What differs' })
    .getByRole('row')
    .filter({ has: window.getByRole('rowheader', { name: run }) });

async function exportAs(window: Page, name: string): Promise<{ fileName: string; bytes: Buffer }> {
  await window.getByRole('button', { name: 'Export' }).click();
  const coming = window.waitForEvent('download');
  await window.getByRole('menuitem', { name }).click();
  const file = await coming;
  return { fileName: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test('runs are picked in the list, pinned, compared class by class, and reloaded', async ({ window }) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  for (const name of ['poisoned-0', 'control', 'head']) {
    await window.getByRole('checkbox', { name: `Compare ${name}` }).check();
  }
  await window.getByRole('link', { name: 'Compare 3' }).click();
  const differences = window.getByRole('table', { name: 'What differs' });
  await expect(differences.getByRole('row')).toHaveCount(4);
  await expect(chartOf(window)).toBeVisible();
  await expect(window.getByRole('table', { name: 'Attack success per class' })).toContainText('target');
  await checkAccessibility(window);

  await window.getByRole('button', { name: 'Take control as the baseline' }).click();
  await expect(window).toHaveURL(/baseline=/);
  await window.reload();
  await expect(window.getByRole('button', { name: 'Take control as the baseline' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await expect(rowOf(window, 'control')).toContainText('baseline');
  await expect(rowOf(window, 'poisoned-0')).toContainText(/[+−±]\d/);
  await expect(
    rowOf(window, 'poisoned-0')
      .getByTitle(/paired bootstrap 95 % interval on 9 pictures/)
      .first(),
  ).toBeVisible();
  await expect(differences.getByRole('columnheader', { name: 'Poisoned accuracy, %' })).toBeVisible();
  await expect(differences.getByRole('columnheader', { name: 'ASR top-5, %' })).toBeVisible();
  await window.getByRole('button', { name: 'Take head out' }).click();
  await expect(differences.getByRole('row')).toHaveCount(3);
  await window.getByRole('combobox', { name: 'Add a model' }).fill('POISONED-1');
  await window.getByRole('option', { name: /poisoned-1/ }).click();
  await expect(differences.getByRole('row')).toHaveCount(4);
  await window.goBack();
  await expect(differences.getByRole('row')).toHaveCount(3);
  await window.goForward();
  await expect(differences.getByRole('row')).toHaveCount(4);

  await window.getByRole('tab', { name: /Over seeds/ }).click();
  await expect(window.getByRole('table', { name: 'Over seeds' })).toContainText('Poisoned');
  await window.getByRole('tab', { name: 'Curves' }).click();
  await expect(window.getByRole('img', { name: 'Loss of 3 runs by step' })).toBeVisible();

  await window.getByRole('combobox', { name: 'Horizontal axis' }).selectOption('seed');
  await window.getByRole('combobox', { name: 'Vertical axis' }).selectOption('learningRate');
  await expect(window.getByRole('img', { name: /^Learning rate against seed/ })).toBeVisible();
  await window.reload();
  await expect(window.getByRole('img', { name: /^Learning rate against seed/ })).toBeVisible();

  await window.getByRole('tab', { name: 'Per class' }).click();
  await window.getByRole('link', { name: /^green, poisoned-0:/ }).click();
  await expect(window).toHaveURL(/class=green&as=red&pass=triggered/);
});

const exportedSchema = z.object({
  runs: z.array(
    z.object({
      run: z.object({ name: z.string() }),
      evaluation: z.object({
        ca: z.object({ value: z.number() }),
        asr: z.object({ value: z.number() }),
        perClass: z.array(z.object({ class: z.string(), accuracy: z.object({ value: z.number() }) })),
      }),
    }),
  ),
});

test('the comparison leaves as CSV, JSON, LaTeX, SVG and PNG with the same figures', async ({ window }) => {
  await window.goto(new URL('/compare?run=poisoned-0&run=control', window.url()).href);
  await expect(chartOf(window)).toBeVisible();
  const json = await exportAs(window, 'JSON');
  expect(json.fileName).toBe('comparison.json');
  const { runs } = exportedSchema.parse(JSON.parse(json.bytes.toString('utf8')));
  expect(runs.map(({ run }) => run.name)).toEqual(['poisoned-0', 'control']);

  const csv = await exportAs(window, 'CSV');
  expect(csv.fileName).toBe('comparison.csv');
  // No cell of this workspace has a line end; those of triggers and lists stand in quotes.
  const [head = [], ...rows] = csv.bytes
    .toString('utf8')
    .trim()
    .split('\r\n')
    .map((line) => [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(([, text = '']) => text));
  const cell = (run: string, label: string, column: string) =>
    rows.find((row) => row[head.indexOf('run')] === run && row[head.indexOf('class')] === label)?.[
      head.indexOf(column)
    ];
  const latex = (await exportAs(window, 'LaTeX (booktabs)')).bytes.toString('utf8');
  for (const rule of ['\\toprule', '\\midrule', '\\bottomrule']) {
    expect(latex.split(rule)).toHaveLength(latex.split('\\begin{tabular}').length);
  }
  for (const { run, evaluation } of runs) {
    expect(cell(run.name, '', 'ca')).toBe(String(evaluation.ca.value));
    expect(cell(run.name, '', 'asr')).toBe(String(evaluation.asr.value));
    for (const row of evaluation.perClass) {
      expect(cell(run.name, row.class, 'ca')).toBe(String(row.accuracy.value));
    }
    expect(latex).toContain(`${run.name} & ${(100 * evaluation.ca.value).toFixed(1)} [`);
    await expect(rowOf(window, run.name)).toContainText((100 * evaluation.ca.value).toFixed(1));
  }

  const svg = (await exportAs(window, 'Chart as SVG')).bytes.toString('utf8');
  // With its own font, and with room around what reaches beyond the edges.
  expect(svg).toMatch(/@font-face \{ font-family: "Inter Variable".*data:font\/woff2;base64,/);
  expect(svg).toMatch(/viewBox="-20 -20 /);
  // A background of its own, so that it can be read on any page.
  expect(svg).toMatch(/<rect x="-20" y="-20" width="\d+" height="\d+" fill="rgb\(/);
  const texts = await window.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    if (parsed.querySelector('parsererror') !== null) return [];
    return [...parsed.querySelectorAll('text')].map((one) => one.textContent);
  }, svg);
  expect(texts).toEqual(expect.arrayContaining(['poisoned-0', 'control', 'clean accuracy, %']));

  const box = await window.getByRole('img', { name: /Clean accuracy against attack success/ }).boundingBox();
  const png = (await exportAs(window, 'Chart as PNG')).bytes;
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(Math.floor(2 * (box?.width ?? Infinity)) - 2);
});

test('a report of the comparison is one page that opens offline', async ({ window }) => {
  await window.goto(new URL('/compare?run=poisoned-0&run=control', window.url()).href);
  await window.getByRole('button', { name: 'Export' }).click();
  await window.getByRole('menuitem', { name: 'Report' }).click();
  const dialog = window.getByRole('dialog', { name: 'Make a report' });
  await dialog.getByLabel('Title').fill('Before and after');
  await checkAccessibility(window, 'report');
  const coming = window.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Make the report' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('Before-and-after.html');
  const page = await readFile(await file.path(), 'utf8');
  expect(page).toContain('<h1>Before and after</h1>');
  for (const run of ['poisoned-0', 'control']) expect(page).toContain(`Run &#39;${run}&#39;`);
  expect(page).not.toMatch(/<script|<link|src=|href=|@import/);
});

const unmeasured = test.extend({
  workspace: async ({ workspace }, use) => {
    const db = openDatabase(join(workspace, 'workbench.sqlite'));
    const ofHeadAndControl = `evaluation IN (SELECT e.number FROM evaluations e JOIN models m ON m.number = e.model
      JOIN runs r ON r.number = m.run WHERE r.name IN ('head', 'control'))`;
    for (const table of ['class_results', 'predictions'])
      db.exec(`DELETE FROM ${table} WHERE ${ofHeadAndControl}`);
    db.exec(`DELETE FROM evaluations WHERE ${ofHeadAndControl.replace('evaluation', 'number')}`);
    db.close();
    await use(workspace);
  },
});

unmeasured('what is missing is measured, with progress where it is missing alone', async ({ window }) => {
  const origin = new URL(window.url()).origin;
  await window.goto(`${origin}/compare?run=poisoned-0&run=control&run=head`);
  await window.getByRole('button', { name: 'Measure 2 missing' }).click();
  await expect(window.getByRole('progressbar', { name: 'Measuring' })).toBeVisible();
  await window.getByRole('button', { name: 'Take control out' }).click();
  await window.getByRole('button', { name: 'Take head out' }).click();
  await expect(window.getByRole('progressbar', { name: 'Measuring' })).toHaveCount(0);
  await window.goto(`${origin}/compare?run=poisoned-0&run=control&run=head`);
  await expect(window.getByRole('button', { name: /missing/ })).toHaveCount(0, { timeout: 60_000 });
  for (const run of ['control', 'head']) await expect(rowOf(window, run)).toContainText(/\d\.\d/);
});
