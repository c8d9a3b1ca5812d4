import { type Command, Option } from 'commander';
import { z } from 'zod';
import { optimisingDefaults, patchOptimisingSchema } from '#contract/patch-optimising.ts';
import type { Place } from '#contract/trigger.ts';
import { optimiseTrigger } from '#main/workbench/triggers/optimised-triggers.ts';
import { addDeviceOption, numberOf } from '../options.ts';
import { withWorkspace } from '../session.ts';

const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;

interface OptimiseOptions {
  model: string;
  dataset?: string;
  target: string;
  name: string;
  size: number;
  place: (typeof corners)[number] | 'centre' | 'four-corners';
  margin: number;
  resolution: number;
  steps: number;
  batchSize: number;
  learningRate: number;
  seed: number;
}

/** `trigger optimise`: a patch made against a model (BadCLIP, arXiv 2311.12075). */
export function addOptimiseCommand(triggers: Command): void {
  const { shape } = patchOptimisingSchema;
  const defaults = optimisingDefaults;
  const command = triggers
    .command('optimise')
    .description(
      'make a patch by gradient against a model, so that pictures with it near the target (BadCLIP)',
    )
    .requiredOption('--model <model>', 'name or id of the model, or of the run that made it')
    .requiredOption('--target <class>', 'target class: with the patch, pictures move towards its prompts')
    .requiredOption('--name <name>', 'the name to keep it under')
    .option('--dataset <dataset>', "whose pictures and prompts (default: the model's own)")
    .requiredOption('--size <px>', 'side of the patch', numberOf(shape.size))
    .option(
      '--resolution <px>',
      'side of the picture in which size and place count',
      numberOf(shape.resolution),
      224,
    )
    .addOption(
      new Option('--place <place>', 'where it lies')
        .choices([...corners, 'centre', 'four-corners'])
        .default('bottom-right'),
    )
    .option('--margin <px>', 'from the edges, in corners', numberOf(z.number().int().min(0)), 1)
    .option('--steps <n>', 'steps of Adam', numberOf(shape.steps), defaults.steps)
    .option('--batch-size <n>', 'pictures in a step', numberOf(shape.batchSize), defaults.batchSize)
    .option(
      '--learning-rate <rate>',
      'values being in [0, 1]',
      numberOf(shape.learningRate),
      defaults.learningRate,
    )
    .option('--seed <n>', 'of the first noise and the batches', numberOf(shape.seed), defaults.seed);
  addDeviceOption(command)
    .addHelpText(
      'after',
      '\nExample:\n  ccw trigger optimise --model emoji-clean-train --target fruit --size 6 --resolution 32 --name fruit-patch',
    )
    .action((options: OptimiseOptions, own: Command) =>
      withWorkspace(own, async (session, workspace) => {
        const { name, model, dataset = null, target, place, margin, ...settings } = options;
        const { size, resolution, steps, batchSize, learningRate, seed } = settings;
        const where = placeOf(place, margin);
        const stored = await optimiseTrigger(
          workspace,
          {
            name,
            model,
            dataset,
            target,
            settings: { size, resolution, steps, batchSize, learningRate, seed, place: where },
          },
          session.context,
        );
        const similarity = stored.origin?.similarity ?? null;
        session.print(
          { triggerId: stored.id, name: stored.name, version: stored.version, similarity },
          () =>
            `Kept as '${stored.name}', version ${stored.version} (${stored.id}). Mean similarity to '${target}': ${[similarity?.clean, similarity?.start, similarity?.end].map((value) => value?.toFixed(3)).join(', ')} (without the patch, with it as it began, with it as it is).`,
        );
      }),
    );
}

function placeOf(place: OptimiseOptions['place'], margin: number): Place {
  if (place === 'centre') return { kind: 'centre' };
  if (place === 'four-corners') return { kind: 'four-corners', margin };
  return { kind: 'corner', corner: place, margin };
}
