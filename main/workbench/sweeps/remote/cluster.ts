import type { RemoteTask } from './remote-task.ts';

/** How a task ended. */
export interface TaskEnd {
  index: number;
  done: boolean;
  /** Why it did not, where that is known. */
  message: string | null;
}

/** Machines that make tasks. */
export interface Cluster {
  /**
   * Runs tasks and gives each as it ends. A task whose machine is lost is begun again by the cluster itself.
   * @param folder on a disk that all machines see, for what the cluster itself keeps
   * @param signal stops all; then it ends without an error
   * @throws WorkbenchError where the cluster cannot be reached
   */
  run(tasks: readonly RemoteTask[], folder: string, signal: AbortSignal): AsyncGenerator<TaskEnd>;
}
