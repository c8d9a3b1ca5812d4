const longest = 80;

/** A text from a file, short and on one line, for a message. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);

/** As {@link quote}, without the marks where the text has nothing odd: names of tensors. */
export const shorten = (name: string): string => (/^[\w.-]{1,80}$/.test(name) ? name : quote(name));
