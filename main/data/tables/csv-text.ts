import type { Delimiter } from './csv-rows.ts';

/** A line of a CSV file as RFC 4180 has it, with its end; readers by name pass over further columns. */
export function formatCsvRow(fields: readonly (string | number)[], delimiter: Delimiter): string {
  return `${fields.map((field) => quote(String(field), delimiter)).join(delimiter)}\n`;
}

function quote(field: string, delimiter: Delimiter): string {
  const special = field.includes(delimiter) || /["\r\n]/.test(field);
  return special ? `"${field.replaceAll('"', '""')}"` : field;
}
