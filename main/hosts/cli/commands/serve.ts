import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { addDeviceOption, numberOf } from '../options.ts';
import { withSession } from '../session.ts';

const portSchema = z.number().int().min(0).max(65_535);

export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('open the window: serve the workbench to a browser on this machine until Ctrl-C')
    .option(
      '--port <n>',
      'on 127.0.0.1; 0 takes the same as last time where it is free',
      numberOf(portSchema),
      0,
    )
    .option('--no-open', 'open no window; print one JSON line with the link once it is ready');
  addDeviceOption(command)
    .addHelpText('after', '\nExamples:\n  ccw serve\n  ccw serve --port 8711 --no-open')
    .action(({ port, open }: { port: number; open: boolean }, command: Command) =>
      withSession(command, async (session) => {
        // Loaded only here: no other command needs a server.
        const { buildRendererIfNeeded } = await import('../../build-renderer.ts');
        await buildRendererIfNeeded((text) => session.context.reporter.say(text));
        const { startBrowserHost } = await import('../../browser.ts');
        const host = await startBrowserHost({
          folder: session.folder,
          port,
          device: session.context.device,
        });
        try {
          if (open && !session.json) {
            const { openWindow, planWindow } = await import('../../browser/open-window.ts');
            const { writeEntryPage } = await import('../../browser/entry-page.ts');
            const windowFolder = join(session.folder, 'cache', 'window');
            const opening = planWindow(writeEntryPage(windowFolder, host.url), windowFolder);
            process.stdout.write(`The workbench is at ${host.url}\n${opening.words}\nEnd with Ctrl-C.\n`);
            openWindow(opening, (text) => session.context.reporter.say(text));
          } else {
            process.stdout.write(`${JSON.stringify({ url: host.url })}\n`);
          }
          await aborted(session.context.interrupt.gentle);
        } finally {
          await host.close();
        }
      }),
    );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
