import { expect, test } from 'vitest';
import { type ChangesByRun, type ComparisonView, comparisonSchema } from '#contract/api/comparison.ts';
import { presetFor } from '#contract/methods/method-registry.ts';
import { wilson } from '#core/statistics/wilson.ts';
import { exportComparison } from '#main/workbench/comparisons/comparison-export.ts';

const hostile = '=SUM(A1), "x"\n\\input{x} 50% & [é]';
/** As a spreadsheet shows it and does not run it. */
const guarded = `'${hostile}`;

/** Two runs on two classes: 40 of 100 right before and 36 after, 45 and 5 of 50 taken for the target. */
function comparison(names: [string, string] = ['poisoned', 'cleaned']): ComparisonView {
  const runs = names.map((name, index) => {
    const [ca, asr] = index === 0 ? [40, 45] : [36, 5];
    return {
      id: `run_${index}`,
      name,
      modelId: `mod_${index}`,
      architecture: 'demo',
      dataset: { id: 'ds', name: 'pictures' },
      parentId: null,
      file: null,
      attack: {
        variant: 'poison',
        variantId: 'va',
        number: 1,
        of: 2,
        trigger: 'patch',
        parameters: { size: 4, pattern: ['10', '01'] },
        resolution: 32,
        target: 'fruit',
        strategy: 'templates',
        poisons: 40,
        rate: 0.05,
        seed: 7,
        manifestSha256: 'ab'.repeat(32),
      },
      run: {
        id: `run_${index}`,
        name,
        state: 'done',
        step: 10,
        totalSteps: 10,
        config: {
          start: index === 0 ? { kind: 'scratch', architecture: 'demo' } : { kind: 'model', model: 'mod_0' },
          data: { kind: 'dataset', id: 'ds', selection: { fraction: 1, withoutPoisoned: false } },
          method: index === 0 ? 'mmcl' : 'cleanclip',
          settings: presetFor(index === 0 ? 'mmcl' : 'cleanclip', 'model').settings,
          seed: 0,
        },
        architecture: 'demo',
        leftOut: 0,
        datasetId: 'ds',
        dataset: 'pictures',
        variantId: null,
        variant: null,
        parentModelId: null,
        parent: null,
        modelId: `mod_${index}`,
        environment: null,
        message: null,
        note: '',
        archived: false,
        createdAt: '2026-01-01T00:00:00.000Z',
        startedAt: null,
        endedAt: null,
        seconds: 1,
        scores: null,
        evaluateEachEpoch: false,
        measureAtEnd: true,
        lossPreview: [],
        queuePlace: null,
      },
      evaluation: {
        id: `ev_${index}`,
        modelId: `mod_${index}`,
        model: name,
        runId: `run_${index}`,
        datasetId: 'ds',
        dataset: 'pictures',
        variantId: 'va',
        variant: 'poison',
        part: 0,
        attacks: 2,
        trigger: 'patch',
        prompts: ['{}'],
        unseenTokens: [],
        vocabulary: null,
        createdAt: '2026-01-01T00:00:00.000Z',
        seconds: 1,
        classes: [hostile, 'fruit'],
        target: 'fruit',
        ca: wilson(ca, 100),
        top5: wilson(100, 100),
        asr: wilson(asr, 50),
        cleanAsTarget: wilson(1, 50),
        implanted: index === 0,
        metrics: { poisonedAccuracy: wilson(10, 50), imageToText10: wilson(3, 4) },
        trainedOn: true,
        testSplit: 'test',
        trainingPictures: false,
        targetIsClass: true,
        perClass: [
          {
            class: hostile,
            count: 50,
            accuracy: wilson(ca - 20, 50),
            top5: wilson(50, 50),
            attackSuccess: wilson(asr, 50),
          },
          { class: 'fruit', count: 50, accuracy: wilson(20, 50), top5: wilson(50, 50), attackSuccess: null },
        ],
      },
      role: index === 0 ? 'poisoned' : 'repaired',
      group: `group-${index}`,
      notes: index === 0 ? [] : ['Measured on 99 clean pictures, not 100.'],
    };
  });
  return comparisonSchema.parse({ runs, differences: { lambda: { run_0: 0, run_1: 4 } }, groups: [] });
}

/** RFC 4180, as short as it can be said: written apart from the code under test. */
function parseCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
  }
  const [header = [], ...body] = rows.slice(0, -1);
  return body.map((cells) => {
    expect(cells).toHaveLength(header.length);
    return Object.fromEntries(header.map((column, index) => [column, cells[index] ?? '']));
  });
}

test('CSV: one row a run, then one for each of its classes, with the same numbers', () => {
  const view = comparison([hostile, 'cleaned']);
  const { fileName, text } = exportComparison(view, { baseline: null, changes: {} }, 'csv');
  expect(fileName).toBe('comparison.csv');
  const rows = parseCsv(text);
  expect(rows.map((row) => [row.run, row.class])).toEqual([
    [guarded, ''],
    ['cleaned', ''],
    [guarded, guarded],
    [guarded, 'fruit'],
    ['cleaned', guarded],
    ['cleaned', 'fruit'],
  ]);
  expect(rows[0]).toMatchObject({
    role: 'poisoned',
    variant: 'poison',
    attack: '1',
    attacks: '2',
    trigger: 'patch',
    trigger_parameters: '{"size":4,"pattern":["10","01"]}',
    poisoned_pairs: '40',
    poison_rate: '0.05',
    attack_seed: '7',
    manifest_sha256: 'ab'.repeat(32),
    ca: '0.4',
    ca_hits: '40',
    ca_count: '100',
    asr: '0.9',
    asr_hits: '45',
    implanted: 'true',
    setting_method: 'mmcl',
    setting_lambda: '',
    setting_fraction: '1',
    trained_on_attack: 'true',
    poisoned_accuracy: '0.2',
    poisoned_accuracy_hits: '10',
    image_to_text_10: '0.75',
    // Not measured, which is not 0.
    attack_top_5: '',
    notes: '',
  });
  expect(rows[0]?.definitions).toMatch(/^CA: .*\. ASR: .*Poisoned accuracy: .*Implanted: .*10 times/);
  expect(rows.slice(1).map(({ definitions }) => definitions)).toEqual(['', '', '', '', '']);
  expect(rows[1]?.notes).toBe('Measured on 99 clean pictures, not 100.');
  expect(Number(rows[1]?.ca_low)).toBe(view.runs[1]?.evaluation?.ca.low);
  expect(Number(rows[1]?.asr_high)).toBe(view.runs[1]?.evaluation?.asr?.high);
  expect(rows[4]).toMatchObject({ ca: '0.32', asr: '0.1', asr_hits: '5', asr_count: '50' });
  // The target class has no ASR, which is not 0.
  expect(rows[5]).toMatchObject({ ca: '0.4', asr: '', asr_hits: '', asr_count: '' });
});

/** The second run's changes against the first, as a paired bootstrap gives them. */
const changes: ChangesByRun = {
  run_1: {
    ca: { value: -0.04, low: -0.1, high: 0.02, count: 100 },
    top5: null,
    asr: { value: -0.8, low: -0.9, high: -0.7, count: 50 },
    attackTop5: null,
    poisonedAccuracy: null,
    targetWithoutTrigger: null,
  },
};

test('changes against the baseline stand with their intervals, empty where nothing can be compared', () => {
  const against = { baseline: 'run_0', changes };
  const rows = parseCsv(exportComparison(comparison(), against, 'csv').text);
  expect(rows[0]).toMatchObject({ ca_change: '', asr_change: '' });
  expect(rows[1]).toMatchObject({
    ca_change: '-0.04',
    ca_change_low: '-0.1',
    ca_change_high: '0.02',
    asr_change: '-0.8',
    poisoned_accuracy_change: '',
  });
  const cells = checkLatex(exportComparison(comparison(), against, 'latex').text);
  const both = ['36.0 [27.3, 45.8]', '$-4.0$ [-10.0, 2.0]', '10.0 [4.3, 21.4]', '$-80.0$ [-90.0, -70.0]'];
  expect(cells).toContainEqual(['cleaned', ...both]);
});

test('LaTeX: beside the ASR stands what it says nothing without, and a model that never saw the attack is marked', () => {
  const view = comparison();
  const [, second] = view.runs;
  if (second?.evaluation) second.evaluation.trainedOn = false;
  const rows = checkLatex(exportComparison(view, { baseline: null, changes: {} }, 'latex').text);
  expect(rows).toContainEqual(['cleaned', '36.0 [27.3, 45.8]', '10.0 [4.3, 21.4] $\\ddagger$']);
  const ca = { mean: 0.36, low: 0.3, high: 0.4 };
  const asr = { mean: 0.1, low: 0.05, high: 0.2 };
  view.groups = [{ group: 'g', label: 'Clean', runIds: ['run_1', 'run_2'], ca, asr, trainedOn: false }];
  const grouped = checkLatex(exportComparison(view, { baseline: null, changes: {} }, 'latex').text);
  expect(grouped).toContainEqual(['Clean (2 runs)', '36.0 [30.0, 40.0]', '10.0 [5.0, 20.0] $\\ddagger$']);
  // Wilson 95 % of 1 and 10 of 50; the top-5 was not measured.
  expect(rows).toContainEqual([
    'poisoned',
    'poison',
    'yes',
    '2.0 [0.4, 10.5]',
    '20.0 [11.2, 33.0]',
    '--',
    '50',
  ]);
  expect(rows).toContainEqual([
    'cleaned',
    'poison',
    'no',
    '2.0 [0.4, 10.5]',
    '20.0 [11.2, 33.0]',
    '--',
    '50',
  ]);
});

test('JSON holds everything', () => {
  const view = comparison();
  const parsed = JSON.parse(exportComparison(view, { baseline: 'run_0', changes }, 'json').text);
  // Attacks are counted from 1, as in CSV: `attack.number` in place of the evaluation's `part`.
  const runs = view.runs.map(({ evaluation, ...run }) => {
    const { part, ...measured } = evaluation ?? { part: null };
    expect(part).toBe((run.attack?.number ?? 0) - 1);
    return { ...run, evaluation: measured };
  });
  expect(parsed).toMatchObject({ ...view, runs, format: 2, baseline: 'run_0', changes });
  expect(JSON.stringify(parsed)).not.toContain('"part":');
  expect(parsed.program).toMatch(/^cleanclip-workbench \d/);
});

/** Checks what LaTeX would refuse: braces, environments, cells in a row. @returns the rows of all tables */
function checkLatex(text: string): string[][] {
  const lines = text.split('\n').filter((line) => !line.startsWith('%'));
  const open: string[] = [];
  const rows: string[][] = [];
  let columns = 0;
  for (const line of lines) {
    const bare = line.replaceAll(/\\[\\{}$&#_%]/g, '');
    expect(bare.split('{').length).toBe(bare.split('}').length);
    expect(bare.split('$').length % 2).toBe(1);
    const begun = /\\begin\{(\w+)\}(?:\{([lr]+)\})?/.exec(line);
    if (begun?.[1]) open.push(begun[1]);
    if (begun?.[2]) columns = begun[2].length;
    const ended = /\\end\{(\w+)\}/.exec(line);
    if (ended) expect(open.pop()).toBe(ended[1]);
    if (line.endsWith(' \\\\')) {
      const cells = line
        .slice(0, -3)
        .trim()
        .split(/(?<!\\)&/)
        .map((cell) => cell.trim());
      const spanned = cells.filter((cell) => cell.startsWith('\\multicolumn{2}')).length;
      expect(cells.length + spanned).toBe(columns);
      rows.push(cells);
    }
  }
  expect(open).toEqual([]);
  return rows;
}

test('LaTeX: intervals, differences to the baseline in percentage points, the target marked', () => {
  const { fileName, text } = exportComparison(comparison(), { baseline: 'run_0', changes: {} }, 'latex');
  expect(fileName).toBe('comparison.tex');
  const rows = checkLatex(text);
  // Wilson 95 % of 40, 36 of 100 and 45, 5 of 50, from published formula by hand.
  expect(rows).toContainEqual(['poisoned', '40.0 [30.9, 49.8]', '--', '90.0 [78.6, 95.7]', '--']);
  expect(rows).toContainEqual(['cleaned', '36.0 [27.3, 45.8]', '$-4.0$', '10.0 [4.3, 21.4]', '$-80.0$']);
  expect(text.split('ASR under attack 1 of the 2 of poison')).toHaveLength(2);
  // Once for all runs, in comments: what makes the attack again, on which pictures, from which seeds.
  const comments = text.split('\n').filter((line) => line.startsWith('% '));
  expect(comments).toEqual(
    expect.arrayContaining([
      `% Attack 1 of 2 of 'poison': patch {"size":4,"pattern":["10","01"]} at 32 px to 'fruit' (templates), 40 poisoned pairs (5.0 %), seed 7, manifest ${'ab'.repeat(32)}.`,
      "% Test pictures: 100 of 'pictures' (test), 50 of them attacked.",
      '% Seeds: poisoned 0, cleaned 0.',
    ]),
  );
  expect(comments.filter((line) => line.startsWith('% Attack 1'))).toHaveLength(1);
  expect(comments.filter((line) => /^% (CA|ASR): /.test(line))).toHaveLength(2);
  expect(rows.at(-1)).toEqual(['fruit', '40.0', '$\\dagger$', '40.0', '$\\dagger$']);
});

test('LaTeX: hostile names are text, without a baseline there are no differences', () => {
  const view = comparison([hostile, '[1em] * \\\\ {']);
  view.groups.push({
    group: 'group-0',
    label: 'Repaired, share 0.5 & more',
    runIds: ['run_0', 'run_1'],
    ca: { mean: 0.38, low: 0.3, high: 0.46 },
    asr: null,
    trainedOn: null,
  });
  const rows = checkLatex(exportComparison(view, { baseline: null, changes: {} }, 'latex').text);
  expect(rows[0]).toEqual(['Run', 'CA', 'ASR']);
  expect(rows[2]?.[0]).toBe('{[}1em{]} {*} \\textbackslash{}\\textbackslash{} \\{');
  expect(rows[3]).toEqual(['Repaired, share 0.5 \\& more (2 runs)', '38.0 [30.0, 46.0]', '--']);
  checkLatex(exportComparison(view, { baseline: 'run_1', changes: {} }, 'latex').text);
});
