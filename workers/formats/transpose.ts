/** Writes the transpose of the row-major [rows, columns] `source` into `target`, and returns `target`. */
export function transpose<T extends Float32Array | Uint16Array | Int8Array>(
  source: ArrayLike<number>,
  target: T,
  rows: number,
  columns: number,
): T {
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      target[column * rows + row] = source[row * columns + column] ?? 0
  return target
}
