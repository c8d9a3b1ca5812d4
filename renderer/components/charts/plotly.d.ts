declare module 'plotly.js-strict-dist-min' {
  const plotly: import('./plotly-types.ts').Plotly;
  export default plotly;
}
