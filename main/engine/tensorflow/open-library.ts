import koffi from 'koffi';

/** Functions are bound at their first call: TensorFlow has so many that binding all takes a third of its load. */
const rtldLazy = 1;
const rtldGlobal = process.platform === 'darwin' ? 0x8 : 0x100;
const stackBytes = 8 * 1024 * 1024;

interface DynamicLoader {
  dlopen(file: string, flags: number): bigint | null;
  dlerror(): string | null;
}

let prepared = false;
let loader: DynamicLoader | null = null;

/**
 * Gives native calls the stack that TensorFlow's kernels want, which run on the calling thread too. koffi takes it only
 * before it has loaded anything.
 */
export function prepareNativeCalls(): void {
  if (prepared) return;
  koffi.config({ sync_stack_size: stackBytes, async_stack_size: stackBytes });
  prepared = true;
}

/** The system's loader of libraries. */
function dynamicLoader(): DynamicLoader {
  if (loader === null) {
    prepareNativeCalls();
    const libc = koffi.load(null);
    loader = {
      dlopen: libc.func('void* dlopen(const char*, int)'),
      dlerror: libc.func('const char* dlerror()'),
    };
  }
  return loader;
}

/**
 * Opens a shared library for the life of the process: a later one that names it finds it open.
 * @param file absolute path, or a name that the system looks for
 * @param options.global its symbols are there for libraries opened later
 * @returns null, or why it could not be opened, in the system's words
 */
export function openLibrary(file: string, { global = false } = {}): string | null {
  const { dlopen, dlerror } = dynamicLoader();
  if (dlopen(file, rtldLazy | (global ? rtldGlobal : 0)) !== null) return null;
  return dlerror() ?? `${file} cannot be opened`;
}
