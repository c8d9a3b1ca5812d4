/** What quitting needs of the program. */
export interface Quitting {
  isBusy(): boolean;
  /** Asks the person whether to stop what runs. */
  confirm(): Promise<boolean>;
  /** Stops what runs and closes the workspace. */
  close(): Promise<void>;
  /** Ends the program, which asks {@link AskedQuit.mayQuit} again. */
  end(): void;
}

export interface AskedQuit {
  /** Whether the program may end now. Otherwise it is asked to, and ends by itself once it may. */
  mayQuit(): boolean;
}

/** Asks before it stops what runs, and then ends, also where closing fails: the next start mends what it left. */
export function createQuitting({ isBusy, confirm, close, end }: Quitting): AskedQuit {
  let state: 'open' | 'closing' | 'closed' = 'open';
  const quit = async () => {
    state = 'closing';
    if (isBusy() && !(await confirm())) {
      state = 'open';
      return;
    }
    try {
      await close();
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    }
    state = 'closed';
    end();
  };
  return {
    mayQuit() {
      if (state === 'open') void quit();
      return state === 'closed';
    },
  };
}
