export function bringBrowser(options?: {
  abort?: AbortSignal;
  environment?: NodeJS.ProcessEnv;
  osRelease?: string;
}): Promise<boolean>;
export function bringHeadlessShell(options?: {
  abort?: AbortSignal;
  environment?: NodeJS.ProcessEnv;
  osRelease?: string;
}): Promise<void>;
