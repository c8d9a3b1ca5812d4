import { type Command, Option } from 'commander';
import { type Trigger, type TriggerKind, triggerKinds } from '#contract/trigger.ts';
import { recipeSchema } from '#contract/variant.ts';
import { keepTrigger } from '#main/workbench/triggers/kept-triggers.ts';
import {
  describeCaptionKinds,
  describeKind,
  isCaptionKind,
  isTriggerKind,
} from '#main/workbench/triggers/trigger-kinds.ts';
import { readTrigger } from '#main/workbench/triggers/trigger-parameters.ts';
import {
  exportTrigger,
  importTrigger,
  previewTrigger,
  showTrigger,
  showTriggers,
} from '#main/workbench/triggers/triggers.ts';
import type { Workspace } from '#main/workbench/workspace.ts';
import { numberOf, UsageError } from '../options.ts';
import { withWorkspace } from '../session.ts';
import { formatTable } from '../tables.ts';
import { addOptimiseCommand } from './optimise-trigger.ts';

interface ResolutionOption {
  resolution: number;
}

interface PreviewOptions extends ResolutionOption {
  kind?: TriggerKind;
  params?: string;
  preset?: string;
  image: string;
  out: string;
  seed: number;
  key?: string;
  save?: string;
}

interface ImportOptions extends ResolutionOption {
  png?: string;
  name?: string;
}

const addResolution = (command: Command) =>
  command.option(
    '--resolution <px>',
    'side that pictures are brought to, in which sizes and places count',
    numberOf(recipeSchema.shape.resolution),
    224,
  );

export function addTriggerCommands(program: Command): void {
  const triggers = program.command('trigger').description('what an attacker puts on pictures');

  addResolution(
    triggers.command('list').description('list the kinds of trigger with their presets, and those you keep'),
  )
    .addHelpText('after', '\nExample:\n  ccw trigger list')
    .action((options: ResolutionOption, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { kinds, captionKinds, stored } = showTriggers(workspace, options.resolution);
        session.print({ kinds, captionKinds, triggers: stored }, () =>
          [
            formatTable(
              ['Kind', 'Presets', 'What it does'],
              kinds.map(({ kind, presets, description }) => [
                kind,
                presets.map(({ name }) => name).join(', '),
                description,
              ]),
            ),
            '',
            formatTable(
              ['On captions', 'Presets', 'What it does'],
              captionKinds.map(({ kind, presets, description }) => [
                kind,
                presets.map(({ name }) => name).join(', '),
                description,
              ]),
            ),
            '',
            stored.length === 0
              ? 'You keep no trigger yet: preview one with --save NAME, or import one.'
              : formatTable(
                  ['Trigger', 'Version', 'Kind', 'Resolution', 'Id'],
                  stored.map((one) => [
                    one.name,
                    String(one.version),
                    one.trigger.kind,
                    `${one.resolution} px`,
                    one.id,
                  ]),
                ),
          ].join('\n'),
        );
      }),
    );

  addResolution(
    triggers
      .command('show')
      .description('show a kind of trigger with its parameters and presets, or a trigger that you keep')
      .argument(
        '<kind-or-trigger>',
        'a kind (insert and replace are those on captions), or name or id of a trigger',
      ),
  )
    .addHelpText('after', '\nExample:\n  ccw trigger show sinusoid')
    .action((name: string, { resolution }: ResolutionOption, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const shown = isTriggerKind(name)
          ? describeKind(name, resolution)
          : isCaptionKind(name)
            ? describeCaptionKinds().find(({ kind }) => kind === name)
            : showTrigger(workspace, name);
        session.print(shown, () => JSON.stringify(shown, null, 2));
      }),
    );

  addResolution(
    addTriggerChoice(
      triggers.command('preview').description('put a trigger on a picture, by the code that training uses'),
      '--kind <kind>',
    ),
  )
    .requiredOption('--image <file>', 'the picture')
    .requiredOption('--out <file>', 'the PNG file to write')
    .option(
      '--seed <n>',
      'seed of what differs from picture to picture',
      numberOf(recipeSchema.shape.seed),
      0,
    )
    .option('--key <key>', "the record's key, which decides with the seed (default: the file's name)")
    .option('--save <name>', 'keep the trigger under this name')
    .addHelpText(
      'after',
      '\nExample:\n  ccw trigger preview --kind blended --params \'{"alpha":0.1}\' --image cat.jpg --out cat-blended.png',
    )
    .action((options: PreviewOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { image, out, resolution, seed, key = null, save } = options;
        const trigger = chooseTrigger(workspace, options.kind, options);
        const preview = await previewTrigger({ trigger, image, out, resolution, seed, key });
        const stored = save === undefined ? null : keepTrigger(workspace, save, trigger, resolution);
        const { width, height, difference } = preview;
        session.print({ out, width, height, trigger, difference, triggerId: stored?.id ?? null }, () =>
          [
            `${out}: ${width} x ${height} pixels with a trigger of kind ${trigger.kind}.`,
            `${(100 * difference.changedShare).toFixed(1)} % of the pixels changed, by ${Math.round(difference.lInfinity * 255)} of 255 at most; PSNR ${difference.psnr?.toFixed(1) ?? 'infinite'} dB, SSIM ${difference.ssim.toFixed(3)}.`,
            ...(stored === null ? [] : [`Kept as '${stored.name}', version ${stored.version}.`]),
          ].join('\n'),
        );
      }),
    );

  addOptimiseCommand(triggers);

  triggers
    .command('export')
    .description('write a trigger that you keep as JSON, and as a PNG beside it')
    .argument('<trigger>', 'name or id')
    .requiredOption('--out <file>', 'the JSON file to write')
    .addHelpText('after', '\nExample:\n  ccw trigger export mine --out mine.json')
    .action((name: string, { out }: { out: string }, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { stored, json, png, picture } = await exportTrigger(workspace, name, out);
        session.print(
          { triggerId: stored.id, name: stored.name, version: stored.version, json, png, picture },
          () =>
            `Trigger '${stored.name}', version ${stored.version}: ${json} and ${png} (${picture === 'pixels' ? 'its picture, which may be painted over' : 'the trigger on grey'}).`,
        );
      }),
    );

  addResolution(
    triggers
      .command('import')
      .description('keep a trigger from the JSON file that trigger export wrote, or a PNG as a patch')
      .argument('<file>', 'the JSON file; or a PNG, which becomes a patch with its alpha')
      .option('--png <file>', 'the PNG beside the JSON, painted over: its pixels count')
      .option('--name <name>', "the name to keep it under (default: the file's)"),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  ccw trigger import mine.json\n  ccw trigger import mine.json --png mine.png\n  ccw trigger import logo.png --name logo',
    )
    .action((file: string, options: ImportOptions, command: Command) =>
      withWorkspace(command, async (session, workspace) => {
        const { name = null, png = null, resolution } = options;
        const stored = await importTrigger(workspace, { path: file, png, name, resolution });
        session.print(
          { triggerId: stored.id, name: stored.name, version: stored.version },
          () => `Kept as '${stored.name}', version ${stored.version} (${stored.id}).`,
        );
      }),
    );
}

/** The ways to say which trigger: a kind with parameters, or one that is kept. `kindFlag` is the kind's option. */
export function addTriggerChoice(command: Command, kindFlag: string): Command {
  return command
    .addOption(new Option(kindFlag, 'kind of trigger').choices(triggerKinds))
    .option('--params <json>', "its parameters as JSON; those left out are the default preset's")
    .option('--preset <trigger>', 'instead: name or id of a trigger that you keep');
}

/** The trigger that the options of {@link addTriggerChoice} name. */
export function chooseTrigger(
  workspace: Workspace,
  kind: TriggerKind | undefined,
  { params, preset, resolution }: { params?: string; preset?: string; resolution: number },
): Trigger {
  if (preset !== undefined) {
    if (kind === undefined && params === undefined) return showTrigger(workspace, preset).trigger;
    throw new UsageError('Give either --preset or a kind with --params, not both.');
  }
  if (kind === undefined) throw new UsageError('Name the trigger: a kind with --params, or --preset.');
  return readTrigger(kind, params ?? '{}', resolution);
}
