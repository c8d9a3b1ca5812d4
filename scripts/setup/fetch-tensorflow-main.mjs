import { fetchTensorflow } from './fetch-tensorflow.mjs';
import { catchInterrupts, Interrupted, interruptedExitCode } from './run-step.mjs';
import { say } from './say.mjs';
import { describeProblem, TensorflowProblem, wasmSlowdown } from './tensorflow-problem.mjs';

// Run by bootstrap.mjs on Node 24 where TensorFlow is not in the cache. Ends with 0 unless it was interrupted:
// without TensorFlow the program goes on with another backend.
const { abort } = catchInterrupts();
try {
  await fetchTensorflow(abort);
} catch (error) {
  if (error instanceof Interrupted) {
    process.exitCode = interruptedExitCode;
  } else if (error instanceof TensorflowProblem) {
    say(describeProblem(error));
  } else {
    say(
      `${error.stack}\nSetting up TensorFlow failed. Going on with the wasm backend, which is ${wasmSlowdown}.`,
    );
  }
}
