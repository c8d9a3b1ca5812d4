import { fileURLToPath } from 'node:url';
import { checkoutFolder, findNode } from './checkout.mjs';
import { installPackages, packagesAreReady } from './packages.mjs';
import { catchInterrupts, Interrupted, interruptedExitCode, runStep } from './run-step.mjs';
import { SetupError, say } from './say.mjs';
import { tensorflowIsThere } from './tensorflow-location.mjs';

const fetchFile = fileURLToPath(new URL('./fetch-tensorflow-main.mjs', import.meta.url));

/**
 * Brings packages and TensorFlow where they are missing; what it says goes to standard error.
 * @returns whether the program can run; where not, the exit code is set
 */
export async function setUp({ tensorflow }) {
  const wantsTensorflow = tensorflow && !['wasm', 'cpu'].includes(process.env.CCW_BACKEND ?? '');
  const missing = wantsTensorflow && !tensorflowIsThere();
  if (packagesAreReady() && !missing) return true;
  const { abort, release } = catchInterrupts();
  try {
    if (!packagesAreReady()) await installPackages(abort);
    if (missing) await fetchTensorflow(abort);
    return true;
  } catch (error) {
    if (error instanceof Interrupted) say(`\n${error.message}`);
    else say(error instanceof SetupError ? error.message : error.stack);
    process.exitCode = error instanceof Interrupted ? interruptedExitCode : 1;
    return false;
  } finally {
    release();
  }
}

/** In a process on Node 24, with the terminal for its progress. */
async function fetchTensorflow(abort) {
  const { code } = await runStep(findNode(), [fetchFile], {
    abort,
    patienceMs: 10_000, // it ends pip and clears up
    cwd: checkoutFolder,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (code === interruptedExitCode) throw new Interrupted();
}
