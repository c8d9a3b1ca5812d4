import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | null = null;

/**
 * Frees what JavaScript no longer uses, now. V8 looks at its own heap, not at the hundreds of megabytes of weights that
 * were read into arrays and then handed to TensorFlow: they would stay for the whole run.
 */
export function collectGarbage(): void {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
