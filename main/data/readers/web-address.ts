/** Whether a text is the address of something on another machine. */
export const isWebAddress = (text: string): boolean => /^(https?|ftp|s3|gs):\/\//i.test(text);
