declare module '*.woff2?url' {
  /** Address of the file in the built window. */
  const address: string;
  export default address;
}
