import { demoParts, runDemo } from '#main/workbench/demo.ts';
import { createDemoProgress } from '#main/workbench/demo-progress.ts';
import type { App } from '../app.ts';

/** The whole story of the demo as one job in the queue; its result is the comparison of the four models it makes. */
export function startDemo({ workspace, jobs, events }: App, seed: number): string {
  return jobs.startInQueue(
    {
      kind: 'demo',
      title: 'Demo',
      topics: ['datasets', 'variants', 'runs', 'evaluations'],
      countsWhole: true,
    },
    async (engine, context) => {
      let stage = '';
      const whole = createDemoProgress();
      const { reporter } = context;
      const told = {
        ...context,
        reporter: {
          say(text: string) {
            // The story's numbered lines are its stages; each has made something that the screens can show.
            stage = whole.say(text) ?? stage;
            reporter.say(text);
            events.changed('datasets', 'variants', 'runs', 'evaluations');
          },
          progress: (phase: string, done: number, total: number) =>
            reporter.progress(
              stage === '' ? phase : `${stage} (${phase})`,
              whole.progress(phase, done, total),
              1,
            ),
        },
      };
      const { models } = await runDemo(workspace, seed, told, async (work) => work(await engine()));
      return { kind: 'comparison', id: demoParts.map((part) => models[part].run.runId).join(',') };
    },
  );
}
