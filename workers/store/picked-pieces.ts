import type { PickedFile } from '../../src/store/contract'
import { StoreFailure } from './store-failure'
import type { Pieces } from './take-file'

/** Reads files of this device. */
export function createPickedPieces(
  files: readonly PickedFile[],
  signal: AbortSignal,
  chunkBytes: number,
  onBytes: (count: number) => void,
): Pieces {
  const byPath = new Map(files.map(({ path, file }) => [path, file]))
  return async function* (source, offset) {
    const file = byPath.get(source.path)
    if (file?.size !== source.sizeBytes)
      throw new StoreFailure(
        'unreadable',
        `${source.path} is not among the picked files as it was. Pick the folder again.`,
      )
    for (let start = offset; start < file.size; start += chunkBytes) {
      signal.throwIfAborted()
      const bytes = new Uint8Array(await file.slice(start, start + chunkBytes).arrayBuffer())
      onBytes(bytes.length)
      yield { offset: start, bytes }
    }
  }
}
