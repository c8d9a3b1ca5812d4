const whole = new Intl.NumberFormat('en-GB');

/** 5772 -> `5,772`. */
export const formatCount = (value: number): string => whole.format(value);

/** 0.398 -> `39.8`, in percent without the sign; tables carry the sign in the head. */
export const formatPercent = (share: number, digits = 1): string => (share * 100).toFixed(digits);

/** Difference of two shares in percentage points, always with a sign: 0.038 -> `+3.8`. */
export function formatPoints(difference: number, digits = 1): string {
  const text = (Math.abs(difference) * 100).toFixed(digits);
  if (Number(text) === 0) return `±${text}`;
  return difference > 0 ? `+${text}` : `−${text}`;
}

/** A setting as people write it: 0.0015 -> `1.5e-3`, 128 -> `128`, 0.1 -> `0.1`. */
export function formatSetting(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-2 && size < 1e6) return String(Number(value.toPrecision(6)));
  return value.toExponential().replace('e+', 'e');
}

/** A metric with four significant digits: 2.34567 -> `2.346`. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(2);
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units with up to three digits: 412_000_000 -> `412 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${byteUnits[unit]}`;
}
