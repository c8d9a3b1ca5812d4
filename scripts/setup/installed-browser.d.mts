export function findInstalledBrowser(environment?: NodeJS.ProcessEnv): string | null;
export function findHeadlessShell(environment?: NodeJS.ProcessEnv): string | null;
