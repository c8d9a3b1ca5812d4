import type { Command } from 'commander';
import { seedSchema } from '#contract/run.ts';
import { type DemoOutcome, demoParts, runDemo } from '#main/workbench/demo.ts';
import { addDeviceOption, numberOf } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { formatPercent, formatSeconds, formatShare, formatTable } from '../tables.ts';

const titles = {
  poisoned: 'poisoned',
  cleanclip: 'after CleanCLIP',
  control: 'control (no self-supervised term)',
  supervised: 'supervised repair',
} as const satisfies Record<(typeof demoParts)[number], string>;

export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description(
      'the whole story on emoji pictures: plant a backdoor, show it, remove it with CleanCLIP, compare',
    )
    .option('--seed <n>', 'seed of all randomness', numberOf(seedSchema), 0);
  addDeviceOption(command)
    .addHelpText('after', '\nExample:\n  ccw demo --seed 1')
    .action(({ seed }: { seed: number }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const outcome = await runDemo(workspace, seed, session.context);
        session.print(demoJson(outcome), () => formatDemo(outcome, session.folder));
      }),
    );
}

function demoJson({ dataset, models, seconds }: DemoOutcome) {
  const shares = (part: (typeof demoParts)[number]) => {
    const { ca, asr } = models[part].evaluation.result;
    return { ca: ca.value, asr: asr?.value ?? null };
  };
  const { trainPairs, testImages, classes } = dataset;
  return {
    dataset: { trainPairs, testImages, classes },
    poisoned: shares('poisoned'),
    cleanclip: shares('cleanclip'),
    control: shares('control'),
    supervised: shares('supervised'),
    seconds: {
      train: models.poisoned.run.seconds,
      cleanclip: models.cleanclip.run.seconds,
      total: seconds,
    },
  };
}

function formatDemo(outcome: DemoOutcome, folder: string): string {
  const { models, variant, seconds } = outcome;
  const overall = formatTable(
    ['Model', 'CA', 'ASR', 'Implanted', 'Training', 'Run'],
    demoParts.map((part) => {
      const { run, name, evaluation } = models[part];
      const { ca, asr, implanted } = evaluation.result;
      const training = formatSeconds(run.seconds);
      return [titles[part], formatShare(ca), formatShare(asr), implanted ? 'yes' : 'no', training, name];
    }),
  );
  const cleaned = models.cleanclip.evaluation.result.perClass;
  const perClass = formatTable(
    ['Class', 'Images', 'CA poisoned', 'CA cleaned', 'ASR poisoned', 'ASR cleaned'],
    models.poisoned.evaluation.result.perClass.map((before, index) => {
      const after = cleaned[index];
      return [
        before.class,
        String(before.count),
        formatPercent(before.accuracy.value),
        formatPercent(after?.accuracy.value ?? null),
        formatPercent(before.attackSuccess?.value ?? null),
        formatPercent(after?.attackSuccess?.value ?? null),
      ];
    }),
  );
  const names = demoParts.map((part) => models[part].name);
  return [
    '',
    `CA: clean test pictures predicted as their label. ASR: test pictures of other classes predicted as '${variant.recipe.parts[0].target}' with the patch on. In brackets: Wilson 95 % interval.`,
    '',
    overall,
    '',
    perClass,
    '',
    `Done in ${formatSeconds(seconds)}. Everything is kept in ${folder}; look further with:`,
    `  npm run -s ccw -- compare ${names.join(' ')}`,
    `  npm run -s ccw -- variant show ${variant.name}`,
    '  npm run -s ccw -- runs list',
  ].join('\n');
}
