import { fetchCuda } from './cuda/fetch-cuda.mjs';
import { fetchTensorflow } from './fetch-tensorflow.mjs';
import { catchInterrupts, Interrupted, interruptedExitCode } from './run-step.mjs';
import { say } from './say.mjs';
import { describeProblem, TensorflowProblem, wasmSlowdown } from './tensorflow-problem.mjs';

// Run by bootstrap.mjs on Node 24: without an argument, or with `cpu`, where TensorFlow is not in the cache, and with
// `cuda` when a person asks for it. Without TensorFlow the program goes on with another backend, so that ends with 0
// unless it was interrupted; where the CUDA libraries were asked for and do not come, it ends with 1.
const forCuda = process.argv[2] === 'cuda';
const { abort } = catchInterrupts();
try {
  await (forCuda ? fetchCuda(abort) : fetchTensorflow(abort));
} catch (error) {
  if (error instanceof Interrupted) {
    process.exitCode = interruptedExitCode;
  } else if (forCuda) {
    say(
      error instanceof TensorflowProblem
        ? `The CUDA libraries are not available: ${error.message}\n  ${error.advice}`
        : `${error.stack}\nSetting up the CUDA libraries failed.`,
    );
    process.exitCode = 1;
  } else if (error instanceof TensorflowProblem) {
    say(describeProblem(error));
  } else {
    say(
      `${error.stack}\nSetting up TensorFlow failed. Going on with the wasm backend, which is ${wasmSlowdown}.`,
    );
  }
}
