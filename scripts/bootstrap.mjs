// Sets up what is missing, then runs one thing on Node 24. Plain JavaScript for Node >= 18, no packages: on a fresh
// machine there is nothing else yet. Where everything is there, it prints nothing and only starts the program.

const usage = `Usage: node scripts/bootstrap.mjs COMMAND
  setup [--device NAME]   set up the packages and what a device needs: cpu (the default) or cuda
  run FILE ARGUMENTS...   set up, then run FILE (from the checkout's folder) on Node 24
  test [ARGUMENTS...]     set up, then check and test, in a browser too; arguments go to vitest, and leave the rest out
  e2e [ARGUMENTS...]      set up, then test in a browser; arguments go to Playwright
  check                   set up the packages, then type check, lint and check the imports
Exit codes: 0 done, 1 failed, 2 wrong usage; those of FILE for run; 130 if set-up is interrupted.`;

const [command, ...rest] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) < 18) {
  process.stderr.write(
    `Node 18 or newer is needed to start (this is ${process.version}): update it from nodejs.org.\n`,
  );
  process.exitCode = 1;
} else if (!isUsage()) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  const { setUp } = await import('./setup/set-up.mjs');
  const device = command === 'setup' && rest[1] === 'cuda' ? 'cuda' : null;
  if ((await setUp({ tensorflow: command !== 'check', device })) && command !== 'setup') {
    const { runProgram } = await import('./setup/run-program.mjs');
    if (command === 'run') {
      process.exitCode = await runProgram(rest[0], rest.slice(1));
    } else {
      const { check, test, testWindow } = await import('./setup/checks.mjs');
      process.exitCode = await { check, test, e2e: testWindow }[command](rest);
    }
  }
}

function isUsage() {
  if (command === 'run') return rest.length > 0;
  if (command === 'setup') {
    return (
      rest.length === 0 || (rest.length === 2 && rest[0] === '--device' && ['cpu', 'cuda'].includes(rest[1]))
    );
  }
  return command === 'test' || command === 'e2e' || (command === 'check' && rest.length === 0);
}
