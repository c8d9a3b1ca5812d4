import { registerHooks } from 'node:module';

const standIn = new URL('./stand-in.ts', import.meta.url).href;

/** Puts the stand-in where the host's code imports `electron`. */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
