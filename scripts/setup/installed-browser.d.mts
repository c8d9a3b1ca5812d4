export function findInstalledBrowser(environment?: NodeJS.ProcessEnv): string | null;
