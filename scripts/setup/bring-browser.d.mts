export function bringBrowser(options?: {
  abort?: AbortSignal;
  environment?: NodeJS.ProcessEnv;
  osRelease?: string;
}): Promise<boolean>;
