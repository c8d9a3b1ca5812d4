/** Styles of a report, on the screen and in print. */
export const reportStyle = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; background: #fff; }
h1 { line-height: 1.2; } h2 { margin-top: 2.2rem; } table { border-collapse: collapse; font-size: 13px; margin: .6rem 0; }
th, td { border-bottom: 1px solid #ddd; padding: .25rem .6rem; text-align: left; font-variant-numeric: tabular-nums; vertical-align: top; }
td, th { overflow-wrap: break-word; } .hashes td { overflow-wrap: anywhere; min-width: 6em; }
.wide { overflow-x: auto; } code, pre { font-size: 12px; overflow-wrap: anywhere; } pre { overflow: auto; background: #f5f5f5; padding: .6rem; }
svg { max-width: 100%; height: auto; } .note { color: #555; } p { overflow-wrap: anywhere; }
@page { margin: 16mm 14mm; }
@media print {
  body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0; }
  table { font-size: 8pt; } th, td { padding: 1pt 4pt; } .wide { overflow: visible; }
  tr, svg { break-inside: avoid; } h2, h3, summary { break-after: avoid; } thead { display: table-header-group; }
  pre { white-space: pre-wrap; font-size: 7.5pt; }
  /* What is folded on the screen is open on paper. */
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
