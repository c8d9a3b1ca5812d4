const barWidth = 24;
const redrawMs = 100;
const plainStep = 0.25;

/**
 * Shows how far one step is: a bar that redraws itself on a terminal, otherwise a plain line at every quarter.
 * `totalBytes` null: nobody knows how long it takes, so the seconds are shown.
 */
export function startProgress(label, totalBytes, stream = process.stderr) {
  return stream.isTTY ? drawBar(label, totalBytes, stream) : printLines(label, totalBytes, stream);
}

function drawBar(label, totalBytes, stream) {
  const start = Date.now();
  let done = 0;
  const draw = () => {
    const share = totalBytes === null ? 0 : Math.min(1, done / totalBytes);
    const filled = Math.round(share * barWidth);
    const measure =
      totalBytes === null
        ? `${seconds(start)} s`
        : `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${megabytes(done)} of ${megabytes(totalBytes)} MB`;
    stream.write(`\r\u001b[K${label}  ${measure}`);
  };
  draw();
  const timer = setInterval(draw, redrawMs);
  return {
    update: (bytes) => {
      done = bytes;
    },
    finish: () => {
      clearInterval(timer);
      stream.write(`\r\u001b[K${label}  ${seconds(start)} s\n`);
    },
    abandon: () => {
      clearInterval(timer);
      stream.write('\n');
    },
  };
}

function printLines(label, totalBytes, stream) {
  const start = Date.now();
  let next = plainStep;
  stream.write(`${label}\n`);
  return {
    update: (bytes) => {
      if (totalBytes === null) return;
      const share = Math.min(1, bytes / totalBytes);
      if (share < next || share >= 1) return;
      while (next <= share) next += plainStep;
      stream.write(`  ${megabytes(bytes)} of ${megabytes(totalBytes)} MB\n`);
    },
    finish: () => void stream.write(`  done in ${seconds(start)} s\n`),
    abandon: () => {},
  };
}

function seconds(start) {
  return ((Date.now() - start) / 1000).toFixed(1);
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}

/** Runs `work` with the progress it reports through, which ends with it. */
export async function withProgress(label, totalBytes, work, stream = process.stderr) {
  const progress = startProgress(label, totalBytes, stream);
  try {
    const result = await work(progress.update);
    progress.finish();
    return result;
  } catch (error) {
    progress.abandon();
    throw error;
  }
}
