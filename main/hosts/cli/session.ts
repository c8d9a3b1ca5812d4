import type { Command } from 'commander';
import { z } from 'zod';
import { deviceNameSchema } from '#contract/devices/index.ts';
import { explainError } from '#main/data/explain-error.ts';
import type { JobContext } from '#main/workbench/engine/job-context.ts';
import { defaultWorkspaceFolder, openWorkspace, type Workspace } from '#main/workbench/workspace.ts';
import { createReporter } from './create-reporter.ts';
import { catchInterrupts } from './interrupt.ts';

/** Options that every command takes. */
const commonSchema = z.object({
  json: z.boolean().default(false),
  workspace: z.string().optional(),
  device: deviceNameSchema.optional(),
});

/** What a command works with, from its options. */
export interface Session {
  readonly json: boolean;
  /** The workspace's folder, which need not exist. */
  readonly folder: string;
  readonly context: JobContext;
  /** Prints a result on stdout: one JSON line with --json, else text. */
  print(json: unknown, text: () => string): void;
  /** Prints a JSON line on stdout with --json, nothing else. */
  event(json: unknown): void;
}

/** A command's action: opens the session, runs `work` with the options, and closes what was opened. */
export async function withSession<T>(command: Command, work: (session: Session) => Promise<T>): Promise<T> {
  const common = commonSchema.parse(command.optsWithGlobals());
  const reporter = await createReporter();
  const { interrupt, release } = catchInterrupts((text) => reporter.say(text));
  try {
    return await work({
      json: common.json,
      folder: common.workspace ?? defaultWorkspaceFolder(),
      context: { reporter, interrupt, device: common.device ?? null },
      print(json, text) {
        reporter.close();
        process.stdout.write(`${common.json ? JSON.stringify(json) : text()}\n`);
      },
      event(json) {
        if (common.json) process.stdout.write(`${JSON.stringify(json)}\n`);
      },
    });
  } catch (error) {
    throw explainError(error, common.workspace ?? defaultWorkspaceFolder());
  } finally {
    reporter.close();
    release();
  }
}

/** {@link withSession} with the workspace open. */
export async function withWorkspace<T>(
  command: Command,
  work: (session: Session, workspace: Workspace) => Promise<T>,
): Promise<T> {
  return withSession(command, async (session) => {
    const workspace = openWorkspace(session.folder);
    try {
      return await work(session, workspace);
    } finally {
      workspace.close();
    }
  });
}
