/** A decoded picture: 8-bit RGB, row by row, 3 bytes a pixel (`data.length` is width x height x 3). */
export interface Picture {
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  data: Uint8Array;
}
