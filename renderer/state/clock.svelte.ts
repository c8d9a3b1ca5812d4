let now = $state(Date.now());

setInterval(() => {
  if (!document.hidden) now = Date.now();
}, 10_000);

/** The present in ms since 1970, moving every ten seconds: enough for relative times. */
export const clock = {
  get now() {
    return now;
  },
};
