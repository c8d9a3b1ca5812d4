/** A name for a chart: cut, and with what plotly would take for HTML written so that it is shown as it is. */
export function plotText(name: string, most = 28): string {
  const cut = name.length > most ? `${name.slice(0, most - 1)}…` : name;
  return cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
