export interface ArchiveEntry {
  name: string;
  /** 0 stored, 8 deflated. */
  method: number;
  encrypted: boolean;
  /** CRC-32 of the unpacked bytes. */
  crc: number;
  bytes: number;
  compressedBytes: number;
  headerOffset: number;
}

export class ArchiveError extends Error {}

export function listEntries(file: string): Promise<ArchiveEntry[]>;

export function extractEntry(
  file: string,
  entry: ArchiveEntry,
  target: string,
  options?: { abort?: AbortSignal; onBytes?: (bytes: number) => void },
): Promise<void>;
