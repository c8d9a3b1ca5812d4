import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from './support/measured-test.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** An engine has to start and record its graph first. */
const patience = { timeout: 60_000 };

async function startClone(window: Page, name: string, epochs: number): Promise<void> {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  await window.getByRole('button', { name: 'More for poisoned-0' }).click();
  await window.getByRole('menuitem', { name: 'Clone and edit' }).click();
  await window.getByLabel('Epochs').fill(String(epochs));
  await window.getByLabel('Name').fill(name);
  await window.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(window.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Steps of the run whose page is shown. */
async function readStep(window: Page): Promise<number> {
  const text = await window.getByRole('region', { name: 'Settings' }).textContent();
  return Number(/Steps\s*([\d,]+) of/.exec(text ?? '')?.[1]?.replaceAll(',', '') ?? 0);
}

/** Processes of this machine that are an engine below a program with this workspace. */
async function findEngines(workspace: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const command = await readFile(join('/proc', entry, 'cmdline'), 'utf8');
      const environment = await readFile(join('/proc', entry, 'environ'), 'utf8');
      if (command.includes('engine/process.ts') && environment.includes(`CCW_WORKSPACE=${workspace}`)) {
        found.push(Number(entry));
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

/** Tells the workspace that the pictures of its dataset lie elsewhere. */
function placeDataset(workspace: string, place: (root: string) => string): void {
  const db = new SqliteDatabase(join(workspace, 'workbench.sqlite'));
  db.function('placed', (root) => place(String(root)));
  db.exec('UPDATE datasets SET root = placed(root)');
  db.close();
}

/** The state of the run whose page is shown is the same word in the same colours on its page, in the lists and in the tray. */
async function expectOneLook(window: Page, name: string, word: string): Promise<void> {
  const page = window.url();
  const looks: string[] = [];
  const look = async (place: Locator) => {
    const chip = place.locator('.chip', { hasText: new RegExp(`^${word}$`) });
    await expect(chip).toBeVisible();
    looks.push(
      await chip.evaluate((element) => {
        const { color, backgroundColor, borderColor } = getComputedStyle(element);
        return [color, backgroundColor, borderColor].join(' ');
      }),
    );
  };
  await look(window.getByRole('main'));
  const tray = window.getByRole('banner').getByRole('button', { name: /Jobs/ });
  await tray.click();
  await look(
    window.getByRole('listitem').filter({ has: window.getByRole('button', { name: `Resume ${name}` }) }),
  );
  await window.keyboard.press('Escape');
  for (const address of ['/', '/runs', '/runs?view=table']) {
    await window.goto(new URL(address, page).href);
    await look(window.getByRole('row', { name: new RegExp(name) }));
  }
  expect(new Set(looks).size).toBe(1);
  await window.goto(page);
}

/** Where a button does it nothing says a command or an option, and no message names anything by its id. */
async function expectPlainWords(window: Page): Promise<void> {
  await expect(window.getByRole('main').getByRole('button', { name: 'Resume' })).toBeVisible();
  expect(await window.locator('body').innerText()).not.toMatch(/\bccw [a-z]|(?<![\w-])--[a-z]/);
  for (const message of await window.locator('[role=status], [role=alert]').allInnerTexts()) {
    expect(message).not.toMatch(/\b(ds|va|run|mod|ev)_[a-z2-7]{12}\b/);
  }
}

test('a run is watched, goes on through a reload, is paused in the tray, resumed and done', async ({
  window,
}) => {
  test.setTimeout(300_000);
  await startClone(window, 'watched', 60);
  await expect(window.getByRole('progressbar', { name: 'Progress of watched' })).toBeVisible(patience);
  await expect.poll(() => readStep(window), patience).toBeGreaterThan(2);
  const before = await readStep(window);
  await window.reload();
  await expect.poll(() => readStep(window), patience).toBeGreaterThan(before);

  await window
    .getByRole('banner')
    .getByRole('button', { name: /watched/ })
    .click();
  await window.getByRole('button', { name: 'Pause watched' }).click();
  await window.keyboard.press('Escape');
  const resume = window.getByRole('main').getByRole('button', { name: 'Resume' });
  await expect(resume).toBeVisible(patience);
  await resume.click();
  await expect(window.getByRole('main').getByRole('link', { name: 'Results' })).toBeVisible({
    timeout: 240_000,
  });
  await expect(window.getByRole('region', { name: 'Settings' })).toContainText(/Steps\s*180 of 180/);
});

test('an engine that is killed is told, and the run resumes', async ({ window, workspace }) => {
  test.setTimeout(300_000);
  test.skip(process.platform !== 'linux', 'Finds the engine in /proc.');
  await startClone(window, 'killed', 400);
  await expect.poll(() => readStep(window), patience).toBeGreaterThan(4);
  const engines = await findEngines(workspace);
  expect(engines).toHaveLength(1);
  await window.keyboard.press('Control+k');
  await window.getByRole('combobox', { name: 'Search or run a command' }).fill('stop');
  await expect(window.getByRole('option', { name: 'Stop: killed' })).toBeVisible();
  await window.keyboard.press('Escape');
  for (const pid of engines) process.kill(pid, 'SIGKILL');
  const resume = window.getByRole('main').getByRole('button', { name: 'Resume' });
  await expect(resume).toBeVisible(patience);
  await expectOneLook(window, 'killed', 'paused');
  await expect(window.getByRole('main')).toContainText(
    /The training process was killed\. Where nobody did that, [^\n]* programs\.\s+Resume from step [\d,]+\./,
  );
  await expectPlainWords(window);

  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Datasets' }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'Datasets' })).toBeVisible();
  await window.goBack();
  await resume.click();
  await expect(window.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled(patience);
  const stopped = await readStep(window);
  await expect.poll(() => readStep(window), patience).toBeGreaterThan(stopped);
  await window.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(resume).toBeVisible(patience);

  // A resume that does not find its pictures fails, and is counted for as long as it has failed.
  placeDataset(workspace, (root) => `${root}-away`);
  await resume.click();
  const tray = window.getByRole('banner').getByRole('button', { name: /Jobs/ });
  await expect(tray).toContainText('1 failed', patience);
  await expectOneLook(window, 'killed', 'failed');
  await expectPlainWords(window);
  placeDataset(workspace, (root) => root.replace(/-away$/, ''));
  await resume.click();
  await expect(window.getByRole('button', { name: 'Stop', exact: true })).toBeEnabled(patience);
  await expect(window.getByRole('banner')).not.toContainText('failed');
  await window.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(resume).toBeVisible(patience);
  await expect(tray).not.toContainText('failed');
  await expectOneLook(window, 'killed', 'paused');
});

test('two windows and the command line stay in step on one workspace', async ({
  window,
  workspace,
  openAnother,
}) => {
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  const other = await openAnother();
  await window.getByRole('button', { name: 'More for control' }).click();
  await window.getByRole('menuitem', { name: 'Rename' }).click();
  await window.getByRole('dialog').getByRole('textbox').fill('seen elsewhere');
  await window.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(other.getByRole('link', { name: /seen elsewhere/ }).first()).toBeVisible();

  await other.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Variants' }).click();
  await expect(other.getByRole('table', { name: 'Variants' }).getByRole('row')).toHaveCount(3);
  const options = ['--dataset', 'colours', '--name', 'from a terminal', '--target', 'red', '--count', '2'];
  await promisify(execFile)(
    process.execPath,
    [
      join(root, 'main/hosts/cli.ts'),
      'variant',
      'create',
      ...options,
      '--resolution',
      '12',
      '--patch-size',
      '3',
    ],
    { cwd: root, env: { ...process.env, CCW_WORKSPACE: workspace } },
  );
  await expect(other.getByRole('link', { name: /from a terminal/ }).first()).toBeVisible();
});

test('runs that wait are put in another order by keys, and hostile names stay text', async ({ window }) => {
  const hostile = '<img src=x onerror=alert(1)> \u202ekcab\u2066 👩‍🚀'.padEnd(200, 'w');
  let asked = false;
  window.on('dialog', (dialog) => {
    asked = true;
    void dialog.dismiss();
  });
  await startClone(window, 'first', 400);
  await startClone(window, 'second', 400);
  await startClone(window, hostile, 400);
  await window.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  const queue = window.getByRole('list', { name: 'Queue' });
  await expect(queue.getByRole('listitem')).toHaveCount(2, patience);
  await expect(queue.getByRole('listitem').first()).toContainText('second');
  await queue.getByRole('link', { name: 'second' }).focus();
  await window.keyboard.press('Alt+ArrowDown');
  await expect(queue.getByRole('listitem').first()).toContainText('<img src=x onerror=alert(1)>');
  await expect(queue.getByRole('listitem').last()).toContainText('second');
  const wide = await window.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect(wide).toBe(false);
  await queue.getByRole('button', { name: 'Take second out of the queue' }).click();
  await expect(queue.getByRole('listitem')).toHaveCount(1);
  await queue.getByRole('link').click();
  await expect(window.getByRole('heading', { level: 1 })).toContainText('<img src=x onerror=alert(1)>');
  expect(await window.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  expect(asked).toBe(false);
});
