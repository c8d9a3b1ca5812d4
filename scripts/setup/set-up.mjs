import { fileURLToPath } from 'node:url';
import { checkoutFolder, findNode } from './checkout.mjs';
import { installPackages, packagesAreReady } from './packages.mjs';
import { catchInterrupts, Interrupted, interruptedExitCode, runStep } from './run-step.mjs';
import { SetupError, say } from './say.mjs';
import { tensorflowIsThere } from './tensorflow-location.mjs';

const fetchFile = fileURLToPath(new URL('./fetch-tensorflow-main.mjs', import.meta.url));

/**
 * Brings packages and TensorFlow where they are missing, and what `device` needs besides; what it says goes to standard
 * error.
 * @returns whether the program can run; where not, the exit code is set
 */
export async function setUp({ tensorflow, device = null }) {
  const without = ['wasm', 'webgpu', 'javascript'].includes(process.env.CCW_DEVICE ?? '');
  const missing = tensorflow && !without && !tensorflowIsThere();
  if (packagesAreReady() && !missing && device === null) return true;
  const { abort, release } = catchInterrupts();
  try {
    if (!packagesAreReady()) await installPackages(abort);
    if (missing) await fetchTensorflow(['cpu'], abort);
    if (device !== null && !(await fetchTensorflow([device], abort))) process.exitCode = 1;
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

/** In a process on Node 24, with the terminal for its progress. @returns whether all is there */
async function fetchTensorflow(args, abort) {
  const { code } = await runStep(findNode(), [fetchFile, ...args], {
    abort,
    patienceMs: 10_000, // it ends pip and clears up
    cwd: checkoutFolder,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (code === interruptedExitCode) throw new Interrupted();
  return code === 0;
}
